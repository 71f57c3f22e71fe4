using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Curriculum.Evaluation;
using Curriculum.Submission;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Orchestrations.Reports;
using Orchestrations.Trajectories;

namespace Orchestrations.Tests.Reports;

[Trait("Speed", "fast")]
public sealed partial class ReportPageTests
{
    private static readonly RunReport Report = SampleReport.Create();
    private static readonly string Page = ReportPage.Render(Report);

    [Fact]
    public void The_page_is_well_formed_and_needs_nothing_beside_itself()
    {
        var document = XDocument.Parse(Page);
        Assert.DoesNotContain(document.Descendants(), element => element.Name.LocalName is "script" or "link" or "img" or "iframe" or "object");
        Assert.DoesNotContain(
            document.Descendants().Attributes(),
            attribute => attribute.Name.LocalName == "src"
                || (attribute.Name.LocalName == "href" && !attribute.Value.StartsWith('#') && !attribute.Value.StartsWith("../../app#/run/", StringComparison.Ordinal))
                || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.DoesNotContain("http:", Page, StringComparison.Ordinal);
        Assert.DoesNotContain("https:", Page, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", Page, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_have_captions_and_scopes_and_drawings_have_titles()
    {
        var document = XDocument.Parse(Page);
        Assert.Equal(12, document.Descendants("table").Count());
        Assert.All(document.Descendants("table"), table => Assert.NotEmpty(table.Element("caption")!.Value));
        Assert.All(document.Descendants("th"), header => Assert.True((string?)header.Attribute("scope") is "row" or "col"));
        Assert.All(document.Descendants("table"), table =>
        {
            var columns = table.Element("thead")!.Descendants("th").Count();
            Assert.All(table.Element("tbody")!.Elements("tr"), row => Assert.Equal(columns, row.Elements().Sum(cell => (int?)cell.Attribute("colspan") ?? 1)));
        });

        var drawings = document.Descendants("svg").ToList();
        Assert.True(drawings.Count >= 10, $"{drawings.Count} drawings.");
        Assert.All(drawings, drawing => Assert.Equal((string?)drawing.Attribute("aria-labelledby"), (string?)drawing.Element("title")!.Attribute("id")));
        Assert.Equal(drawings.Count, drawings.Select(drawing => (string?)drawing.Attribute("aria-labelledby")).Distinct().Count());
    }

    [Fact]
    public void What_a_plan_or_a_worker_wrote_is_encoded()
    {
        const string Evil = "<script>alert('x')</script>";
        var page = ReportPage.Render(SampleReport.Create(armName: Evil, reason: "\"><img onerror=1>"));
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.Equal(Evil, XDocument.Parse(page).Descendants("th").First(header => header.Value.Contains("alert", StringComparison.Ordinal)).Value);
    }

    [Fact]
    public void The_verdict_its_caveats_and_what_failed_are_on_top()
    {
        var text = XDocument.Parse(Page).Root!.Value;
        Assert.Contains(Report.Verdict.Headline, text, StringComparison.Ordinal);
        Assert.All(Report.Verdict.Caveats, caveat => Assert.Contains(caveat, text, StringComparison.Ordinal));
        Assert.Contains("sft seed 3: non-finite loss at update 31", text, StringComparison.Ordinal);
        Assert.True(text.IndexOf("Before quoting a figure", StringComparison.Ordinal) < text.IndexOf("pass@4", StringComparison.Ordinal));
        Assert.Contains(Report.Verdict.PlanHash, text, StringComparison.Ordinal);
        Assert.Contains("cpu/avx512/libtorch-2.10.0/float32/1-thread", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_answer_comes_first_then_the_figure_it_rests_on_then_the_caveats_then_a_link_to_each_other_section()
    {
        var document = XDocument.Parse(Page);
        var sections = document.Descendants("section").Select(section => (string?)section.Attribute("id") ?? (string)section.Attribute("class")!).ToList();
        Assert.Equal("verdict", (string?)document.Descendants("header").Single().Elements("p").First().Attribute("class"));
        Assert.Equal(["answer", "failed", "caveats", "contents"], sections.Take(4));
        Assert.Equal(
            document.Descendants("section").Skip(4).Select(section => ($"#{section.Attribute("id")!.Value}", section.Element("h2")!.Value)),
            document.Descendants("section").Single(section => (string?)section.Attribute("id") == "contents").Descendants("a").Select(link => (link.Attribute("href")!.Value, link.Value)));
    }

    [Fact]
    public void Every_drawing_and_every_table_leads_to_the_trajectories_the_checkpoints_and_the_plan_lines_behind_it()
    {
        var document = XDocument.Parse(Page);
        var figures = document.Descendants("svg").Concat(document.Descendants("table").Select(table => table.Parent!)).ToList();
        Assert.True(figures.Count > 20, $"{figures.Count} figures.");
        Assert.All(figures, figure =>
        {
            var behind = figure.ElementsAfterSelf().First();
            Assert.Equal("behind", (string?)behind.Attribute("class"));
            string[] pages = [.. behind.Elements("a").Select(link => new Uri(new("http://host/api/runs/x/report"), link.Attribute("href")!.Value)).Select(link => link.Fragment.Split('/', '?')[3])];
            Assert.Equal(["trajectories", "checkpoints", "plan"], pages.Distinct());
        });
    }

    [Fact]
    public void Every_link_leads_to_what_the_run_has()
    {
        var plan = JsonNode.Parse(PlanHash.Canonical(Report.Plan))!;
        var links = XDocument.Parse(Page).Descendants("a").Select(link => link.Attribute("href")!.Value).Where(link => !link.StartsWith('#')).Distinct().ToList();
        Assert.Contains(links, link => link.Contains("pattern=won", StringComparison.Ordinal));
        Assert.All(links, link =>
        {
            var asked = QueryHelpers.ParseQuery(link.Split('?') is [_, var query] ? query : "");
            Assert.True(!asked.TryGetValue("arm", out var arm) || arm == "*" || Report.Plan.Arms.Any(one => one.Name == arm), link);
            Assert.True(!asked.TryGetValue("benchmark", out var benchmark) || Report.Plan.Evaluation.Benchmarks.Any(one => one.Name == benchmark), link);
            Assert.True(!asked.TryGetValue("at", out var pointer)
                || pointer.ToString().Split('/').Skip(1)
                .Aggregate((JsonNode?)plan, (node, name) => node is JsonArray list ? list[int.Parse(name, CultureInfo.InvariantCulture)] : node![name]) is not null, link);
            Assert.Null(TrajectoryQuery.Read(new QueryCollection(asked)).Fault);
        });
    }

    [Fact]
    public void A_report_that_is_handed_out_has_the_whole_address_of_the_app_and_no_more_than_that() => Assert.Equal(
        Page.Replace("../../app#/", "https://host/api/app#/", StringComparison.Ordinal), LinkedReport.Of(Page, "https://host/api/app"));

    [Fact]
    public void An_address_that_would_end_its_attribute_does_not() =>
        Assert.NotNull(XDocument.Parse(LinkedReport.Of(Page, "https://host\"><script>/api/app")));

    [Theory]
    [InlineData("wins wins", 3, "Yes: c does better than a and b.")]
    [InlineData("wins loses", 3, "No: c does worse than b.")]
    [InlineData("wins undecided", 3, "In part: c does better than a; against b nothing is decided.")]
    [InlineData("undecided undecided", 3, "Not decided: the differences of c to the other arms are within what chance gives.")]
    [InlineData("undecided undecided", 1, "Not decided: 1 seed of the 3 that are needed.")]
    [InlineData("", 3, "No answer: c was compared with no other arm.")]
    public void The_answer_is_one_short_sentence(string decisions, int seeds, string answer)
    {
        var comparison = Report.Verdict.Comparisons[0];
        Comparison[] comparisons = [.. decisions.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((decision, at) => comparison with
        {
            Against = at == 0 ? "a" : "b",
            Decision = Enum.Parse<Decision>(decision, ignoreCase: true),
            Seeds = [.. Enumerable.Range(1, seeds)],
        })];
        Assert.Equal(answer, Answer.Of(Report.Verdict with { Failure = null, Comparisons = comparisons }, "c"));
    }

    [Fact]
    public void Ticks_differ_and_counts_have_their_number()
    {
        Assert.Equal(["0.9972", "0.9976", "0.998"], Figures.Ticks([0.9972, 0.9976, 0.998]));
        Assert.Equal(["1.0001M", "1.0002M"], Figures.Ticks([1_000_100, 1_000_200]));
        Assert.Equal(("1 seed", "2 seeds", "0 seeds"), (Figures.Count(1, "seed"), Figures.Count(2, "seed"), Figures.Count(0, "seed")));
    }

    [Fact]
    public void What_is_not_seen_or_turns_the_direction_stands_as_its_code_point() =>
        Assert.Contains("safe⟨U+202E⟩name⟨U+001B⟩", XDocument.Parse(ReportPage.Render(SampleReport.Create(reason: "safe\u202Ename\u001b"))).Root!.Value, StringComparison.Ordinal);

    [Fact]
    public void Every_seed_has_its_own_line_and_its_own_row()
    {
        var document = XDocument.Parse(Page);
        var validation = document.Descendants("svg").Single(drawing => (string?)drawing.Attribute("aria-labelledby") == "curve-validation");
        Assert.Equal(12, validation.Descendants("polyline").Count());
        Assert.Contains(validation.Descendants("title"), title => title.Value == "srl-rlvr, seed 2");

        var rows = document.Descendants("section").Single(section => (string?)section.Attribute("id") == "accuracy").Descendants("table").First().Descendants("tr").ToList();
        Assert.Equal(3 * 4, rows.Count(row => row.Element("th")!.Value.StartsWith("seed ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_coordinate_lies_within_its_drawing()
    {
        foreach (var drawing in XDocument.Parse(Page).Descendants("svg"))
        {
            var size = ((string)drawing.Attribute("viewBox")!).Split(' ').Select(part => double.Parse(part, CultureInfo.InvariantCulture)).ToArray();
            foreach (var pair in drawing.Descendants("polyline").SelectMany(line => ((string)line.Attribute("points")!).Split(' ')))
            {
                var point = pair.Split(',').Select(part => double.Parse(part, CultureInfo.InvariantCulture)).ToArray();
                Assert.InRange(point[0], 0, size[2]);
                Assert.InRange(point[1], 0, size[3]);
            }
        }
    }

    [Fact]
    public void The_figures_of_the_table_are_those_of_the_verdict()
    {
        // The sampled mean of the curriculum on the first benchmark, as the table writes it.
        var expected = Figures.Percentage(Report.Verdict.Arms[^1].Benchmarks[0].Sampled!.Value);
        var row = XDocument.Parse(Page).Descendants("section").Single(section => (string?)section.Attribute("id") == "accuracy")
            .Descendants("table").First().Descendants("tr").Single(row => row.Element("th")!.Value == "srl-rlvr");
        Assert.Equal(expected, row.Elements("td").ElementAt(2).Value);
    }

    [Fact]
    public void Long_curves_are_thinned() => Assert.All(
        PointLists().Matches(ReportPage.Render(Report with
        {
            Curves = [new("srl", 1, [.. Enumerable.Range(1, 5_000).Select(i => new CurvePoint { Stage = 0, Update = i, Iteration = i, Compute = i * 1_000L, MeanReward = 0.5 })])],
        })),
        match => Assert.True(match.Value.Count(character => character == ',') <= 300));

    [Fact]
    public void A_run_without_curves_or_timings_still_has_a_page()
    {
        var page = ReportPage.Render(Report with { Curves = [], Timings = [], WallClockSeconds = null, ConcludedAt = null });
        Assert.Contains("No points were recorded.", page, StringComparison.Ordinal);
        Assert.NotNull(XDocument.Parse(page));
    }

    [Fact]
    public void The_same_report_gives_the_same_page() => Assert.Equal(Page, ReportPage.Render(SampleReport.Create()));

    // By hand: 0 to 0.87 in five steps is 0.174 a step, rounded to 0.2; 1,234,567 and 1,000 as engineers write them.
    [Fact]
    public void Axes_end_on_round_values_and_figures_are_short()
    {
        var axis = Axis.Around(0, 0.87, 0, 100);
        Assert.Equal(1, axis.Most, 1e-12);
        Assert.Equal([0, 0.2, 0.4, 0.6, 0.8, 1], axis.Ticks().Select(tick => Math.Round(tick, 9)));
        Assert.Equal(50, axis.At(0.5), 1e-9);
        Assert.Equal(["1.23M", "1k", "0.25", "-2M", "0"], new[] { 1_234_567, 1_000, 0.25, -2e6, 0 }.Select(Figures.Compact));
        Assert.Equal(["3.1 s", "2 min 5 s", "1 h 1 min"], new[] { 3.14, 125, 3_661 }.Select(Figures.Duration));
    }

    [GeneratedRegex("points=\"[^\"]*\"")]
    private static partial Regex PointLists();
}
