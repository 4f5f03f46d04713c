"""Spotter: someone drops an image in a channel and sees what is in it, drawn on it."""
