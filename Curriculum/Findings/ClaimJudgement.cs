namespace Curriculum.Findings;

/// <summary>Whether a run shows what a claim expects.</summary>
public enum ClaimJudgement
{
    /// <summary>The run did not measure it.</summary>
    NotMeasured,

    /// <summary>The whole interval is on the expected side.</summary>
    Shown,

    /// <summary>The interval reaches to the bound or over it.</summary>
    NotShown,

    /// <summary>The whole interval is on the other side.</summary>
    Opposite,
}

/// <summary>Judges claims.</summary>
public static class ClaimJudgements
{
    /// <summary>By the whole interval; by the value where a figure has none.</summary>
    public static ClaimJudgement Of(Claim claim, ClaimFigure? figure)
    {
        if (figure is null)
            return ClaimJudgement.NotMeasured;

        var (low, high) = figure.Interval is { } interval ? (interval.Low, interval.High) : (figure.Value, figure.Value);
        return claim.Expect switch
        {
            ClaimSide.Above => low > claim.Bound ? ClaimJudgement.Shown : high < claim.Bound ? ClaimJudgement.Opposite : ClaimJudgement.NotShown,
            ClaimSide.Below => high < claim.Bound ? ClaimJudgement.Shown : low > claim.Bound ? ClaimJudgement.Opposite : ClaimJudgement.NotShown,
            ClaimSide.Within => low > -claim.Bound && high < claim.Bound ? ClaimJudgement.Shown
                : low > claim.Bound || high < -claim.Bound ? ClaimJudgement.Opposite
                : ClaimJudgement.NotShown,
            _ => throw new ArgumentOutOfRangeException(nameof(claim), claim.Expect, "Unknown side."),
        };
    }

    /// <summary>As the page writes it.</summary>
    public static string Text(ClaimJudgement judgement) => judgement switch
    {
        ClaimJudgement.NotMeasured => "**not measured**",
        ClaimJudgement.Shown => "shown",
        ClaimJudgement.NotShown => "**not shown**",
        ClaimJudgement.Opposite => "**not shown: the opposite**",
        _ => throw new ArgumentOutOfRangeException(nameof(judgement), judgement, "Unknown judgement."),
    };
}
