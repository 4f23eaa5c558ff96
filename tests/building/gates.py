"""Gates that say what a test wants; real ones are `tasks.gates`."""

from schemas.judgement import Contest, Verdict
from schemas.project import Gate


class RefuseRefreshes(Gate):
    """Refuses every refresh."""

    def judge(self, contest: Contest) -> Verdict | None:
        if contest.kind != "refresh":
            return None
        return Verdict(gate="refuse_refreshes", outcome="refused", sentence="the test says so")
