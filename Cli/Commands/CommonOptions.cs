using System.CommandLine;
using System.Globalization;
using Cli.Hosts;

namespace Cli.Commands;

/// <summary>Options that several commands have, and how each kind of value is read.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json { get; } = new("--json") { Description = "Write the answer to standard output as JSON, and everything else to standard error." };

    public static Option<string?> Url { get; } = new("--url")
    {
        Description = $"The host's address. Default: {HostAddress.UrlVariable}, else the host that runs in this checkout. The key comes from {HostAddress.KeyVariable}, else it is asked for.",
        HelpName = "address",
    };

    public static Option<bool> Yes { get; } = new("--yes", "-y") { Description = "Do not ask." };

    /// <summary>A whole number within bounds.</summary>
    public static Option<int?> Number(string name, string description, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "number",
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
                return number;
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name}: expected a whole number from {least} to {most}, found '{text}'."));
            return null;
        },
    };

    /// <summary>One of several words.</summary>
    public static Option<string> OneOf(string name, string description, string standard, params string[] words)
    {
        Option<string> option = new(name) { Description = description, DefaultValueFactory = _ => standard, HelpName = string.Join('|', words) };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !words.Contains(result.Tokens[0].Value))
                result.AddError($"{name}: expected one of {string.Join(", ", words)}; found '{result.Tokens[0].Value}'.");
        });
        option.CompletionSources.Add(words);
        return option;
    }
}
