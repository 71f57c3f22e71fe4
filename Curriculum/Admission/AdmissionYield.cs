namespace Curriculum.Admission;

/// <summary>What an iteration sampled and what came of it; logged for each.</summary>
public sealed record AdmissionYield
{
    /// <summary>Groups of all rounds.</summary>
    public required int Sampled { get; init; }

    public required int Admitted { get; init; }

    public int Dropped => Sampled - Admitted;

    /// <summary>Groups in which one trajectory stands above all others, which are alike: the largest advantage there is.</summary>
    public required int LoneSuccesses { get; init; }

    /// <summary>Of these, those that a second check did not confirm.</summary>
    public int Quarantined { get; init; }

    /// <summary>Over all trajectories, those of dropped groups too.</summary>
    public required double MeanReward { get; init; }

    /// <summary>Over all trajectories, 0 to 1.</summary>
    public required double WellFormedShare { get; init; }
}
