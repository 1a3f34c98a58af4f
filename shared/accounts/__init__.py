"""Accounts of parties: registered, approved by the operator, and the keys they enter with.

Each service keeps the accounts of its own kind of party; what differs between them is the profile.
"""
