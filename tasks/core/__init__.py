"""Pure functions over frames and arrays: values in, values out. Files and Prefect are elsewhere."""
