"""The fault suite: whole nights and decisions under kills, races, lost answers, full disks."""
