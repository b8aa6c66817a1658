"""The lanes: each side's national procedure beside the joint stages, and where the two collide in time. Pure."""
