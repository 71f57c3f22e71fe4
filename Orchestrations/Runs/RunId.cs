using System.Text;
using System.Text.RegularExpressions;
using Curriculum.Work;

namespace Orchestrations.Runs;

/// <summary>Ids of runs: what a key means, and what may be asked for.</summary>
public static partial class RunId
{
    /// <summary>A key that is an id already is its own; any other key has an id made of its hash.</summary>
    public static string OfKey(string key) =>
        IsValid(key) ? key : $"run-{CurriculumJson.Hash(Encoding.UTF8.GetBytes(key))[..16]}";

    /// <summary>A new id for a submission without a key.</summary>
    public static string New(string planName) => $"{planName}-{Guid.NewGuid().ToString("N")[..8]}";

    /// <summary>Lower-case letters, digits and hyphens, at most 60: no such id leaves its prefix in storage.</summary>
    public static bool IsValid(string id) => Valid().IsMatch(id);

    internal const string Pattern = @"^[a-z0-9][a-z0-9-]{0,59}\z";

    [GeneratedRegex(Pattern, RegexOptions.CultureInvariant)]
    private static partial Regex Valid();
}
