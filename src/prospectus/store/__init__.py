"""What is kept between runs: the cache of derived facts."""
