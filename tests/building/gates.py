"""Gates that say what a test wants; real ones are `tasks.gates`."""

from schemas.judgement import Contest, Verdict
from schemas.project import Gate
from tasks.gates.paired import pair_with_rival


class RefuseRefreshes(Gate):
    """Refuses every refresh."""

    def judge(self, contest: Contest) -> Verdict | None:
        if contest.kind != "refresh":
            return None
        return Verdict(gate="refuse_refreshes", outcome="refused", sentence="the test says so")


class PassChanges(Gate):
    """Lets every change pass: a gate that somebody forgot to write."""

    def judge(self, contest: Contest) -> Verdict | None:
        if contest.kind != "change":
            return None
        return Verdict(gate="pass_changes", outcome="passed", sentence="the test says so")


class PassGains(Gate):
    """Lets gains pass that lie between two limits, or are high enough; it tells no numbers."""

    least: float
    most: float
    enough: float = 0.1

    def judge(self, contest: Contest) -> Verdict | None:
        gain = pair_with_rival(contest).gain
        passes = self.least < gain < self.most or gain > self.enough
        return Verdict(
            gate="pass_gains",
            outcome="passed" if passes else "refused",
            sentence="the test says so",
        )
