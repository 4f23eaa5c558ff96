"""Cleaning steps, one a file: what is done to delivered rows before the contract is asked."""
