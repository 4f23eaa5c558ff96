"""Small stores that earlier versions wrote; they must stay readable for ever."""
