"""Columns that hold something of a person, by their names and by what stands in them."""

import re

import pandas as pd

from tasks.inferring.kinds import Seen
from tasks.inferring.ranges import words_of

_NAMES: dict[str, tuple[str, ...]] = {
    "an e-mail address": ("email", "mail", "e mail"),
    "a phone number": ("phone", "telephone", "mobile", "telefon", "handy", "fax", "msisdn"),
    "a bank account": ("iban", "bic", "account number", "card number", "credit card"),
    "a person's name": (
        *("first name", "last name", "full name", "given name", "family name", "surname"),
        *("firstname", "lastname", "fullname", "forename", "customer name", "user name"),
        *("username", "vorname", "nachname", "person name", "contact name"),
    ),
    "a birth date": ("birth", "birthday", "birthdate", "dob", "geburtsdatum", "born"),
    "an address": ("street", "address", "strasse", "adresse", "ip address", "ip addr"),
    "an official number": ("ssn", "passport", "social security", "tax id", "svnr", "licence plate"),
}
_MAIL = r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"
_PHONE = r"\+\d[\d ()/.-]{6,18}\d|\(?0\d{1,5}\)?[ /.-]\d[\d ()/.-]{4,14}"
_IBAN = r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}"
_MOST = 0.5
_SOME = 0.01
_FEWEST = 3
_LOOKED_AT = 5_000


def personal(seen: Seen, times: "pd.Series[pd.Timestamp]") -> str | None:
    """What of a person the column seems to hold, and how that shows; None for nothing."""
    name = f" {' '.join(words_of(seen.name))} "
    for what, names in _NAMES.items():
        if any(f" {one} " in name for one in names):
            return f"{what}, by its name"
    if seen.kind == "word":
        return _in_words(seen.values.dropna().head(_LOOKED_AT))
    if seen.kind == "time":
        return _in_times(seen.values, times)
    return None


def _in_words(words: "pd.Series[str]") -> str | None:
    if len(words) < _FEWEST:
        return None
    texts = words.str.strip()
    mails = int(texts.str.contains(_MAIL, regex=True).sum())
    if mails >= max(_FEWEST, _SOME * len(texts)):
        return "an e-mail address, by its values"
    if texts.str.fullmatch(_PHONE).mean() >= _MOST:
        return "a phone number, by its values"
    compact = texts.str.replace(" ", "")
    like = compact[compact.str.fullmatch(_IBAN)]
    if len(like) >= _MOST * len(texts) and all(_is_iban(one) for one in like.head(20)):
        return "a bank account, by its values"
    return None


def _in_times(values: "pd.Series[pd.Timestamp]", times: "pd.Series[pd.Timestamp]") -> str | None:
    """Dates ten to 110 years before their rows, without a clock time."""
    years = (times - values).dt.days.dropna() / 365.25
    known = values.dropna()
    is_date = (known == known.dt.normalize()).mean() > _MOST if len(known) else False
    if len(years) >= _FEWEST and is_date and years.between(10, 110).mean() > 0.9:
        return "a birth date, by its values"
    return None


def _is_iban(text: str) -> bool:
    """Whether the check digits are right: the account modulo 97 is 1."""
    if not re.fullmatch(_IBAN, text):
        return False
    return int("".join(str(int(char, 36)) for char in text[4:] + text[:4])) % 97 == 1
