"""chude and its peers trained and measured in one run; see `__main__.py`."""
