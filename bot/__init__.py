"""Spotter: someone drops an image in a channel and sees what is in it; whoever asked to be told is told."""
