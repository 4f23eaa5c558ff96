"""Data contracts, one data set a file. What a contract may say is `schemas.contract`."""
