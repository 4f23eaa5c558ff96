"""Types that every layer speaks: records, projects, contracts, errors. No I/O, no Prefect."""
