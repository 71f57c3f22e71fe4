using System.Globalization;
using System.Text.Json;
using Curriculum.Texts;

namespace Curriculum.Problems.Datasets;

/// <summary>Reads a data set's lines, and says of each that it cannot use what is wrong with it.</summary>
public static class DatasetReader
{
    private static readonly string[] Members = ["id", "problem", "steps", "answer", "released"];

    /// <summary>The items, and every fault by line.</summary>
    /// <param name="lines">Blank ones are passed over.</param>
    /// <param name="ownVerifier">Whether an operator's verifier judges the answers: they are not tried with the math verifier then.</param>
    public static DatasetReading Read(IEnumerable<string> lines, bool ownVerifier = false)
    {
        var items = new List<DatasetItem>();
        var faults = new List<DatasetFault>();
        foreach (var row in Rows(lines, ownVerifier))
        {
            faults.AddRange(row.Faults.Select(fault => new DatasetFault(row.Line, fault)));
            if (row.Item is { } item)
                items.Add(item);
        }

        return new(items, faults);
    }

    /// <summary>The same line by line, so that a file need not lie in memory.</summary>
    public static IEnumerable<DatasetRow> Rows(IEnumerable<string> lines, bool ownVerifier = false)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (Utf8Lines.IsBlank(line))
                continue;
            var found = new List<string>();
            var item = ReadLine(line, ownVerifier, found);
            if (item is not null && !ids.TryAdd(item.Id, number))
                found.Add($"/id: expected each id once, found '{item.Id}', which line {ids[item.Id]} has too.");
            yield return new(number, found.Count == 0 ? item : null, found);
        }
    }

    private static DatasetItem? ReadLine(string line, bool ownVerifier, List<string> faults)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                faults.Add($"Expected a JSON object, found {JsonFault.Words(root.ValueKind)}.");
                return null;
            }

            foreach (var member in root.EnumerateObject().Select(member => member.Name).Where(name => !Members.Contains(name)))
                faults.Add($"/{member}: unknown. Expected {string.Join(", ", Members)}.");
            foreach (var twice in root.EnumerateObject().GroupBy(member => member.Name).Where(group => group.Count() > 1))
                faults.Add($"/{twice.Key}: expected once, found {twice.Count()} times.");
            var (id, problem, answer) = (Text(root, "id", 200, faults), Text(root, "problem", 100_000, faults), Text(root, "answer", 100_000, faults));
            if (answer is not null && !ownVerifier && DatasetFamily.AnswerFault(answer) is { } fault)
                faults.Add($"/answer: {fault}");
            var steps = Steps(root, faults);
            var released = Released(root, faults);
            return faults.Count > 0 ? null : new() { Id = id!, Problem = problem!, Steps = steps, Answer = answer!, Released = released };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // GetString refuses escaped lone surrogates with InvalidOperationException.
            faults.Add($"Expected JSON of valid Unicode: {error.Message}");
            return null;
        }
    }

    private static string? Text(JsonElement root, string name, int most, List<string> faults)
    {
        if (!root.TryGetProperty(name, out var member) || member.ValueKind != JsonValueKind.String)
        {
            faults.Add($"/{name}: expected text, found {(member.ValueKind == JsonValueKind.Undefined ? "nothing" : member.ValueKind)}.");
            return null;
        }

        var text = member.GetString()!;
        if (!string.IsNullOrWhiteSpace(text) && text.Length <= most)
            return text;
        faults.Add($"/{name}: expected 1 to {most} characters that are not only white space, found {text.Length} characters.");
        return null;
    }

    private static List<string> Steps(JsonElement root, List<string> faults)
    {
        var steps = new List<string>();
        if (!root.TryGetProperty("steps", out var member) || member.ValueKind != JsonValueKind.Array)
        {
            faults.Add($"/steps: expected an array of texts, found {(member.ValueKind == JsonValueKind.Undefined ? "nothing" : member.ValueKind)}.");
            return steps;
        }

        foreach (var step in member.EnumerateArray())
        {
            if (step.ValueKind == JsonValueKind.String && step.GetString() is { } text && !string.IsNullOrWhiteSpace(text) && !text.Contains(Gsm8k.End, StringComparison.Ordinal))
                steps.Add(text);
            else
                faults.Add($"/steps/{steps.Count}: expected text that is not only white space, found {step.GetRawText()}.");
        }

        return steps;
    }

    private static DateOnly? Released(JsonElement root, List<string> faults)
    {
        if (!root.TryGetProperty("released", out var member) || member.ValueKind == JsonValueKind.Null)
            return null;
        if (member.ValueKind == JsonValueKind.String && DateOnly.TryParseExact(member.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day;
        faults.Add($"/released: expected a date such as 2025-05-31, found {member.GetRawText()}.");
        return null;
    }
}

/// <summary>What was read.</summary>
public sealed record DatasetReading(IReadOnlyList<DatasetItem> Items, IReadOnlyList<DatasetFault> Faults);

/// <summary>A line that is not blank.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Item">Null where there is a fault.</param>
/// <param name="Faults">Each with its member, what was expected and what was found.</param>
public sealed record DatasetRow(int Line, DatasetItem? Item, IReadOnlyList<string> Faults);

/// <summary>What is wrong with a line.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Message">The member, what was expected, what was found.</param>
public sealed record DatasetFault(int Line, string Message);
