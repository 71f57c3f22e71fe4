using System.Text.Json.Serialization;

namespace Curriculum.Admission;

/// <summary>How hard one problem is for the policy that piloted it.</summary>
/// <param name="Problem">Its id.</param>
/// <param name="Class">Drawn, or deferred and why.</param>
/// <param name="Rollouts">Of the newest pilot; 0 where it was not piloted.</param>
/// <param name="Correct">How many of them the verifier accepted.</param>
/// <param name="Iteration">The iteration before which it was piloted last.</param>
/// <param name="Finding">What the audit found wrong; null where nothing, or where it was not audited.</param>
public sealed record ProblemDifficulty(string Problem, DifficultyClass Class, int Rollouts, int Correct, int Iteration, string? Finding = null)
{
    public static ProblemDifficulty NotPiloted(string problem) => new(problem, DifficultyClass.NotPiloted, 0, 0, 0);
}

/// <summary>Where a problem stands; all but the first two are deferred.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DifficultyClass>))]
public enum DifficultyClass
{
    /// <summary>Within the aim: drawn first in every epoch.</summary>
    [JsonStringEnumMemberName("aim")]
    Aim,

    /// <summary>Within the band: drawn after those.</summary>
    [JsonStringEnumMemberName("band")]
    Band,

    [JsonStringEnumMemberName("too-easy")]
    TooEasy,

    /// <summary>Solved at times, and less often than the band's low end.</summary>
    [JsonStringEnumMemberName("too-hard")]
    TooHard,

    /// <summary>No rollout was right, which with few rollouts says little; the audit found nothing wrong with the problem.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    /// <summary>No rollout was right, and the audit says why: its label or its verifier is wrong. It is not piloted again.</summary>
    [JsonStringEnumMemberName("audit-failed")]
    AuditFailed,

    [JsonStringEnumMemberName("not-piloted")]
    NotPiloted,
}
