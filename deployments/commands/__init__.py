"""The commands of `driftloop`, grouped by the wish behind them."""
