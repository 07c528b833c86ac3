"""`make bench`: the figures that the program promises, each measured beside what it is compared with, in one run."""
