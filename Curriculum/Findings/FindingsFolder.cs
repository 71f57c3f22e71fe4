using System.Text.Json;
using Curriculum.Evaluation;
using Curriculum.Submission;
using Curriculum.Texts;

namespace Curriculum.Findings;

/// <summary>The folder of plans, of what they are expected to show (<c>expected/</c>), and of what they came to (<c>results/</c>).</summary>
public sealed class FindingsFolder(string path)
{
    /// <summary>In the order of their file names.</summary>
    public IReadOnlyList<Finding> Findings { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(path, "expected"), "*.json").Order(StringComparer.Ordinal)
            .Select(file => JsonSerializer.Deserialize(Utf8Text.Content(File.ReadAllBytes(file)), FindingsJson.Default.Finding)
                ?? throw new JsonException($"Expected a finding in {file}, found null.")),
    ];

    public string PlanPath(string plan) => Path.Combine(path, $"{plan}.json");

    public string VerdictPath(string plan) => Path.Combine(path, "results", $"{plan}.verdict.json");

    public string TimingPath(string plan) => Path.Combine(path, "results", $"{plan}.run.json");

    /// <summary>A plan with its stored result; null where there is none, or where it is that of an earlier text of the plan.</summary>
    /// <exception cref="InvalidOperationException">The plan is refused.</exception>
    public FindingRun? Run(string name)
    {
        var reading = PlanReader.Read(File.ReadAllBytes(PlanPath(name)));
        if (!reading.Valid)
            throw new InvalidOperationException($"The plan {name} is refused: {string.Join(" ", reading.Violations.Select(violation => $"{violation.Pointer}: {violation.Message}"))}");
        if (!File.Exists(VerdictPath(name)) || !File.Exists(TimingPath(name)))
            return null;

        var verdict = JsonSerializer.Deserialize(Utf8Text.Content(File.ReadAllBytes(VerdictPath(name))), VerdictJson.Default.RunVerdict)!;
        var timing = JsonSerializer.Deserialize(Utf8Text.Content(File.ReadAllBytes(TimingPath(name))), FindingsJson.Default.RunTiming)!;
        return verdict.PlanHash == reading.Hash && timing.PlanHash == reading.Hash ? new(reading.Plan, verdict, timing) : null;
    }

    /// <summary>Keeps what a run of the plan came to, in the place of any earlier result.</summary>
    public void Store(string name, byte[] verdict, int seconds)
    {
        var read = JsonSerializer.Deserialize(verdict, VerdictJson.Default.RunVerdict)!;
        Directory.CreateDirectory(Path.Combine(path, "results"));
        File.WriteAllBytes(VerdictPath(name), verdict);
        File.WriteAllText(TimingPath(name), JsonSerializer.Serialize(new(read.PlanHash, seconds, Environment.ProcessorCount), FindingsJson.Default.RunTiming));
    }

    /// <summary>The results page from what is stored.</summary>
    public string Page()
    {
        Dictionary<string, FindingRun> runs = new(StringComparer.Ordinal);
        foreach (var name in Findings.SelectMany(finding => finding.Plans))
        {
            if (Run(name) is { } run)
                runs[name] = run;
        }

        return ResultsPage.Of(Findings, runs);
    }
}
