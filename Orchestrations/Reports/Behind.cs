using System.Globalization;

namespace Orchestrations.Reports;

/// <summary>What lies behind a figure: the trajectories, the checkpoints and the lines of the plan, as links into the pages of the app.</summary>
/// <param name="Trajectories">Which trajectories, as the query of their page.</param>
/// <param name="Checkpoints">Which checkpoints, as the query of their page; empty for all.</param>
/// <param name="Plan">Pointers to the plan's lines.</param>
internal sealed record Behind(string Trajectories, string Checkpoints, params IReadOnlyList<string> Plan)
{
    /// <summary>The pages, from where the app serves the report; a copy that it hands out has them by their whole address.</summary>
    public const string App = "../../app#/";

    /// <summary>The answers to a benchmark, of every arm or one, and the plan's lines on it.</summary>
    public static Behind OfAnswers(RunReport report, string benchmark, params IReadOnlyList<string> plan) =>
        new(Answers(benchmark, "*"), "", [Pointer(report, benchmark), .. plan]);

    /// <summary>The rollouts, of every arm or one.</summary>
    public static Behind OfRollouts(params IReadOnlyList<string> plan) => new(Rollouts("*"), "", plan);

    public static string Answers(string benchmark, string arm, int? seed = null) => $"source=benchmark&arm={Part(arm)}{Seed(seed)}&benchmark={Part(benchmark)}";

    public static string Rollouts(string arm, int? seed = null, int? stage = null) =>
        $"source=rollout&arm={Part(arm)}{Seed(seed)}{(stage is { } number ? string.Create(CultureInfo.InvariantCulture, $"&stage={number}") : "")}";

    public static string Pattern(string benchmark, string arm, string against, string pattern) => $"{Answers(benchmark, arm)}&against={Part(against)}&pattern={pattern}";

    public static string Of(string arm, int? seed = null) => $"arm={Part(arm)}{Seed(seed)}";

    /// <summary>Where the plan has a benchmark.</summary>
    public static string Pointer(RunReport report, string benchmark) => string.Create(
        CultureInfo.InvariantCulture, $"/evaluation/benchmarks/{report.Plan.Evaluation.Benchmarks.ToList().FindIndex(planned => planned.Name == benchmark)}");

    /// <summary>The page of the run's trajectories.</summary>
    public static string TrajectoriesAt(RunReport report, string query) => $"{App}run/{report.RunId}/trajectories?{query}";

    /// <summary>The page of the run's checkpoints.</summary>
    public static string CheckpointsAt(RunReport report, string query) => $"{App}run/{report.RunId}/checkpoints{(query.Length == 0 ? "" : $"?{query}")}";

    public void Add(Markup page, RunReport report, string figure)
    {
        page.Add($"""<p class="behind" role="group" aria-label="Behind {figure}">Behind it: <a href="{TrajectoriesAt(report, Trajectories)}">trajectories</a>, <a href="{CheckpointsAt(report, Checkpoints)}">checkpoints</a>, plan""");
        foreach (var pointer in Plan)
            page.Add($""" <a href="{App}run/{report.RunId}/plan?at={Part(pointer)}">{pointer}</a>""");
        page.Add($"</p>");
    }

    private static string Seed(int? seed) => seed is { } number ? string.Create(CultureInfo.InvariantCulture, $"&seed={number}") : "";

    private static string Part(string text) => Uri.EscapeDataString(text);
}
