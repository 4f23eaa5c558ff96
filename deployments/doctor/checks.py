"""All checks, in the order in which a person would want to mend things."""

from deployments.doctor import machine, projects, reach, runs, server, store
from deployments.doctor.examine import Check

CHECKS = (
    Check("versions", machine.check_versions),
    Check("cache folder", machine.check_cache),
    Check("store folder", machine.check_store_folder),
    Check("store", store.check_address, seconds=45),
    Check("store promise", store.check_promise, seconds=120, needs="store"),
    Check("clock", store.check_clock),
    Check("projects", projects.check_projects, seconds=60),
    Check("alert URLs", reach.check_alerts),
    Check("heartbeat", reach.check_heartbeat),
    Check("pages", reach.check_pages),
    Check("prefect", server.check_server),
    Check("worker", server.check_worker, needs="prefect"),
    Check("deployments", server.check_deployments, seconds=60, needs="prefect"),
    Check("schedules", server.check_schedules, needs="prefect"),
    Check("triggers", server.check_triggers, needs="prefect"),
    Check("test event", runs.check_event, seconds=runs.FIRE_SECONDS, needs="worker"),
    Check("lost runs", runs.check_zombies, needs="prefect"),
)
