using Curriculum.Admission;
using Curriculum.Work;

namespace Curriculum.Training;

/// <summary>The groups of an iteration, round by round, with the second checks of those rounds.</summary>
internal sealed class SampledRounds
{
    private readonly SortedDictionary<int, List<TrajectoryGroup>> _rounds = [];
    private readonly Dictionary<int, IReadOnlyList<TrajectoryGroup>> _checks = [];

    public long ForwardTokens { get; private set; }

    public double Seconds { get; private set; }

    public void Add(WorkItemId id, RolloutOutput output, double seconds)
    {
        ForwardTokens += output.ForwardTokens;
        Seconds += seconds;
        if (id.Kind == WorkKind.Check)
        {
            _checks.Add(id.Round, output.Groups);
            return;
        }

        if (!_rounds.TryGetValue(id.Round, out var groups))
            _rounds.Add(id.Round, groups = []);
        groups.AddRange(output.Groups);
    }

    /// <summary>The lone successes of a round that was not checked yet.</summary>
    public IReadOnlyList<TrajectoryGroup> Unchecked(int round) => _checks.ContainsKey(round) ? [] : Lone(round);

    /// <summary>All groups, those whose success was confirmed with the samples of the check, and the ones that are quarantined.</summary>
    public (IReadOnlyList<TrajectoryGroup> Groups, IReadOnlySet<TrajectoryGroup> Quarantined) Settled()
    {
        var settled = new List<TrajectoryGroup>();
        var quarantined = new HashSet<TrajectoryGroup>(ReferenceEqualityComparer.Instance);
        foreach (var (round, groups) in _rounds)
        {
            // A check's groups come in the order of its round's lone successes.
            var checks = new Queue<TrajectoryGroup>(_checks.GetValueOrDefault(round) ?? []);
            foreach (var group in groups)
            {
                if (checks.Count == 0 || !LoneSuccess.Is(group))
                {
                    settled.Add(group);
                    continue;
                }

                var confirmed = LoneSuccess.Confirm(group, checks.Dequeue());
                settled.Add(confirmed ?? group);
                if (confirmed is null)
                    quarantined.Add(group);
            }
        }

        return (settled, quarantined);
    }

    private List<TrajectoryGroup> Lone(int round) => [.. _rounds[round].Where(LoneSuccess.Is)];
}
