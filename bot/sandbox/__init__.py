"""A local Slack and a local AWS that speak the real protocols, and a page to see it all."""
