"""Commands that a machine runs: farr portal manage …"""
