"""What degrees, records and plans are; standard library only."""
