"""The local Slack: its world, its Web API, its deliveries. Put together in `slack_server.py`."""
