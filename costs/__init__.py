"""What a Pulumi program will cost a month, as a range, before anything is built."""
