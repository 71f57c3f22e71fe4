using EndToEnd.Tests.Telemetry;
using Testing;

namespace EndToEnd.Tests;

/// <summary>What a receiver of OTLP sees of a run.</summary>
[Trait("Speed", "slow")]
public class TelemetryTests
{
    private const string Plan = """
        {
          "name": "traced",
          "base": { "model": "two-dials" },
          "training": { "family": "two-dials", "count": 16, "seed": 3001, "difficulty": [5], "demonstrations": 4 },
          "budget": { "unit": "updates", "amount": 2 },
          "seeds": [1],
          "arms": [{ "name": "srl", "stages": [{ "method": "srl", "problemsPerIteration": 2, "maxNewTokens": 12, "checkpointEvery": 2 }] }],
          "evaluation": {
            "validation": { "family": "two-dials", "count": 4, "seed": 3002, "difficulty": [5] },
            "benchmarks": [{ "name": "fresh", "family": "two-dials", "count": 4, "seed": 3003, "difficulty": [5] }],
            "curriculum": "srl",
            "samples": 1,
            "bootstrapDraws": 100
          }
        }
        """;

    /// <summary>The orchestrations' own spans are two for each that another begins: one of who asks, one of who does.</summary>
    private static readonly string[] WayOfAnUpdate =
    [
        "compute", "update", "send", "step", "function Advance", "activity:Advance", "activity:Advance",
        "orchestration:WorkOrchestrator", "orchestration:WorkOrchestrator", "orchestration:ArmOrchestrator", "orchestration:ArmOrchestrator", "orchestration:RunOrchestrator",
        "create_orchestration:RunOrchestrator", "create_orchestration:RunOrchestrator", "function SubmitRun", "POST /api/runs",
    ];

    private static readonly (string Name, string Unit)[] Measured =
    [
        ("curriculum.checkpoint.size", "By"), ("curriculum.compute.lost", "s"), ("curriculum.compute.time", "s"), ("curriculum.groups", "{group}"), ("curriculum.heartbeats", "{heartbeat}"),
        ("curriculum.item.duration", "s"), ("curriculum.iterations", "{iteration}"), ("curriculum.queue.age", "s"), ("curriculum.queue.depth", "{message}"),
        ("curriculum.runs", "{run}"), ("curriculum.tokens", "{token}"), ("curriculum.work.quiet", "s"),
    ];

    [Fact]
    public async Task An_iteration_is_one_trace_from_its_submission_to_the_phases_of_its_items_with_measurements_and_lines_beside_it()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var stack = await LocalSystem.StartAsync(workers: 1, settings: new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Endpoint,
            ["OTEL_BSP_SCHEDULE_DELAY"] = "500",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
        });
        await Plans.UploadBaseAsync(stack);
        var run = await stack.SubmitAsync(Plan, "traced");
        var end = await stack.WaitForEndAsync(run, TimeSpan.FromMinutes(5));
        Assert.True((string)end["state"]! == "completed", end.ToJsonString());

        await receiver.WaitAsync(
            "the last spans of the run, and all that is measured",
            () => receiver.Spans.Any(span => span.Name == "orchestration:RunOrchestrator") && Measured.All(measure => receiver.Points.Any(point => point.Name == measure.Name)));

        AssertTrace(receiver, run);
        AssertMeasurements(receiver);
        AssertLines(receiver, run);
    }

    [Fact]
    public async Task Azure_Monitor_is_sent_spans_lines_and_measurements_of_app_and_workers()
    {
        await using var receiver = await AzureMonitorReceiver.StartAsync();
        await using var stack = await LocalSystem.StartAsync(workers: 1, settings: new Dictionary<string, string>
        {
            ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = receiver.ConnectionString,
        });
        await Plans.UploadBaseAsync(stack);
        var run = await stack.SubmitAsync(Plan, "monitored");
        var end = await stack.WaitForEndAsync(run, TimeSpan.FromMinutes(5));
        Assert.True((string)end["state"]! == "completed", end.ToJsonString());

        // What Infra's alerts read, and a measurement of a worker.
        await receiver.WaitAsync(
            "measurements of app and worker",
            () => ((string, string)[])[("curriculum.runs", "curriculum-app"), ("curriculum.queue.age", "curriculum-app"), ("curriculum.item.duration", "curriculum-worker")] is var asked
                && asked.All(measure => receiver.Measurements().Contains(measure)));
        foreach (var item in (string[])["0/0/0/rollout", "0/0/0/update", "1/0/0/rollout", "1/0/0/update"])
        {
            var sent = receiver.Of($"{run}/srl/1/0/0/{item}").ToList();
            Assert.Contains(("RequestData", "curriculum-worker"), sent);
            Assert.Contains(("MessageData", "curriculum-worker"), sent);
        }
    }

    private static void AssertTrace(OtlpReceiver receiver, string run)
    {
        var submitted = Assert.Single(receiver.Spans, span => span.Name == "function SubmitRun");
        var trace = receiver.Spans.Where(span => span.Trace == submitted.Trace).ToDictionary(span => span.Id);
        var root = Assert.Single(trace.Values, span => span.Parent.Length == 0);
        Assert.Equal(("functions-host", "POST /api/runs"), (root.Service, root.Name));
        Assert.All(trace.Values.Where(span => span != root), span => Assert.True(trace.ContainsKey(span.Parent), $"The parent of {span} was not sent."));

        var update = Assert.Single(trace.Values, span => span.Tags.GetValueOrDefault("curriculum.item") == $"{run}/srl/1/0/0/0/0/0/update");
        var compute = Assert.Single(trace.Values, span => span.Parent == update.Id && span.Name == "compute");
        Assert.Equal(WayOfAnUpdate, Upwards(compute, trace).Select(span => span.Name));
        Assert.Equal(
            ["curriculum-worker", "curriculum-app", "functions-host", "curriculum-app", "functions-host"],
            Upwards(compute, trace).Select(span => span.Service).Where((service, at) => at == 0 || service != Upwards(compute, trace).ElementAt(at - 1).Service));

        // The step was taken by the report of the iteration's last rollout.
        var step = trace[trace[update.Parent].Parent];
        var reported = trace[Assert.Single(step.Links)];
        Assert.Equal(("rollout", "0"), (reported.Name, reported.Tags["curriculum.iteration"]));
        Assert.Equal(("1", run, "srl", "completed"), (update.Tags["curriculum.deliveries"], update.Tags["curriculum.run"], update.Tags["curriculum.arm"], update.Tags["curriculum.outcome"]));

        Assert.Equal(["load", "wait for turn", "compute", "store state", "store result", "report"], Phases(update, trace));
        var rollout = Assert.Single(trace.Values, span => span.Tags.GetValueOrDefault("curriculum.item") == $"{run}/srl/1/0/0/0/0/0/rollout");
        Assert.Equal(["load", "wait for turn", "compute", "store result", "report"], Phases(rollout, trace));
    }

    private static void AssertMeasurements(OtlpReceiver receiver)
    {
        Assert.All(Measured, measure => Assert.Equal(measure.Unit, receiver.Points.First(point => point.Name == measure.Name).Unit));
        // What is counted is sent again and again; the last is the whole. Two updates were made, of groups that every iteration sampled.
        ReceivedPoint Last(string name, string tag, string value) => receiver.Points.Last(point => point.Name == name && point.Tags.GetValueOrDefault(tag) == value);
        Assert.Equal(2, Last("curriculum.item.duration", "curriculum.kind", "update").Count);
        Assert.Equal(2, Last("curriculum.iterations", "curriculum.method", "srl").Value);
        Assert.InRange(Last("curriculum.groups", "curriculum.useful", "true").Value, 2, 100);
        Assert.Equal(1, Last("curriculum.runs", "curriculum.state", "completed").Value);
        Assert.DoesNotContain(receiver.Points, point => point.Tags.ContainsKey("curriculum.run") || point.Tags.ContainsKey("curriculum.item"));
    }

    private static void AssertLines(OtlpReceiver receiver, string run)
    {
        var item = $"{run}/srl/1/0/0/1/0/0/update";
        var line = Assert.Single(receiver.Lines, line => line.Tags.GetValueOrDefault("curriculum.item") == item);
        Assert.Equal((run, "srl", "0", "curriculum-worker"), (line.Tags["curriculum.run"], line.Tags["curriculum.arm"], line.Tags["curriculum.stage"], line.Service));
        Assert.StartsWith($"{item}: update in ", line.Text, StringComparison.Ordinal);
        Assert.Contains(receiver.Spans, span => span.Id == line.Span && span.Tags.GetValueOrDefault("curriculum.item") == item);
    }

    private static IEnumerable<ReceivedSpan> Upwards(ReceivedSpan span, Dictionary<string, ReceivedSpan> trace)
    {
        for (ReceivedSpan? at = span; at is not null; at = trace.GetValueOrDefault(at.Parent))
            yield return at;
    }

    private static IEnumerable<string> Phases(ReceivedSpan item, Dictionary<string, ReceivedSpan> trace) =>
        trace.Values.Where(span => span.Parent == item.Id).OrderBy(span => span.Start).Select(span => span.Name);
}
