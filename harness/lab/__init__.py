"""The local lab: servers and proxies on 127.0.0.1 that answer for every host of a scenario."""
