using System.Text;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Curriculum.Texts;

namespace Curriculum.Work;

/// <summary>Names a run: lower-case letters, digits and hyphens, at most 60, so that none leaves its prefix in storage.</summary>
[JsonConverter(typeof(IdJson<RunId>))]
public sealed partial record RunId : IId<RunId>
{
    /// <summary>What an id looks like, as a regular expression.</summary>
    public const string Pattern = @"^[a-z0-9][a-z0-9-]{0,59}\z";

    private readonly string _text;

    private RunId(string text) => _text = text;

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is no run's id.</exception>
    public static RunId Parse(string text) => TryParse(text) ?? throw new FormatException(
        $"Expected a run's id, 1 to 60 lower-case letters, digits and hyphens, the first no hyphen; found '{text}'.");

    /// <summary>Null where the text is no run's id.</summary>
    public static RunId? TryParse(string? text) => text is not null && Valid().IsMatch(text) ? new(text) : null;

    public static bool IsValid(string text) => Valid().IsMatch(text);

    /// <summary>A key that is an id already is its own; any other key has an id made of its hash.</summary>
    public static RunId OfKey(string key) => TryParse(key) ?? new($"run-{Sha256Hex.Of(Encoding.UTF8.GetBytes(key))[..16]}");

    /// <summary>A new id for a submission without a key.</summary>
    public static RunId New(string planName) => new($"{planName}-{Guid.NewGuid().ToString("N")[..8]}");

    /// <summary>Begins the name of everything that the run stores.</summary>
    public string Folder => $"{_text}/";

    public override string ToString() => _text;

    public static implicit operator string(RunId id) => id._text;

    [GeneratedRegex(Pattern, RegexOptions.CultureInvariant)]
    private static partial Regex Valid();
}
