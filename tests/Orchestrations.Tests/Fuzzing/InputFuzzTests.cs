using System.Text;
using System.Text.Json;
using Curriculum.Problems;
using Curriculum.Submission;
using Curriculum.Texts;
using Curriculum.Work;
using Orchestrations.Datasets;
using Orchestrations.Http;
using Orchestrations.Schedules;
using Testing;
using Testing.Fuzzing;

namespace Orchestrations.Tests.Fuzzing;

/// <summary>Whatever is submitted, queued or imported is read whole or refused by name, and nothing else happens.</summary>
[Trait("Speed", "fast")]
public sealed class InputFuzzTests
{
    private static readonly byte[][] Plans = [.. Directory.GetFiles(Path.Combine(LocalSystem.Repository(), "samples"), "*.json").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    private static readonly byte[][] Lines =
    [
        .. ((string[])
        [
            """{"question":"Ann has 3 apples and buys 4. How many?","answer":"She has 3+4=<<3+4=7>>7 apples.\n#### 7"}""",
            """{"question":"A rope of 12.5 m is cut in 5.","answer":"12.5/5=<<12.5/5=2.5>>2.5\n#### 2.5"}""",
            """{"question":"1,000 less 10%?","answer":"1,000*.1=<<1000*.1=100>>100\n1,000-100=<<1000-100=900>>900\n#### 900"}""",
        ]).Select(Encoding.UTF8.GetBytes),
    ];

    [Fact]
    public async Task A_plan_is_read_or_refused_with_what_was_expected() => Report(await Fuzzer.RunAsync("plan", 900, Plans, input =>
    {
        var reading = PlanReader.Read(input);
        Judge(reading.Plan is not null, reading.Violations);
        // What is taken is one plan, whatever it was written like.
        if (reading.Plan is { } plan)
            Assert.Equal(PlanHash.Of(plan), PlanReader.Read(PlanHash.Canonical(plan)).Hash);
    }));

    [Fact]
    public async Task A_schedule_is_read_or_refused_with_what_was_expected() => Report(await Fuzzer.RunAsync(
        "schedule",
        300,
        [.. Plans.Select(plan => Encoding.UTF8.GetBytes($$"""{"cron":"*/5 1-3 * * MON","timeZone":"Europe/Berlin","whenRunning":"queue","plan":{{Encoding.UTF8.GetString(plan)}}}"""))],
        input =>
        {
            var (schedule, violations) = ScheduleReader.Read("nightly", input, DateTimeOffset.UnixEpoch);
            Judge(schedule is not null, violations);
            if (schedule is not null)
                Assert.NotNull(ScheduleTimes.Next(schedule, DateTimeOffset.UnixEpoch));
        }));

    [Fact]
    public async Task An_import_is_read_or_refused_with_what_was_expected() => Report(await Fuzzer.RunAsync(
        "import",
        300,
        ["""{"name":"gsm8k-test.jsonl","url":"https://x.example/a.jsonl","sha256":"0000000000000000000000000000000000000000000000000000000000000000"}"""u8.ToArray()],
        input =>
        {
            var (request, violations) = ImportDataset.Read(input);
            Judge(request is not null, violations);
            if (request is not null)
            {
                EnsureInside("datasets", request.Name);
                Assert.NotNull(new ImportOptions().Refusal(new(request.Url)));
            }
        }));

    [Fact]
    public async Task A_data_set_is_read_line_by_line_or_refused_by_the_line() => Report(await Fuzzer.RunAsync("dataset", 900, [.. Lines, Join(Lines)], input =>
    {
        var findings = ImportDataset.Check(new MemoryStream(input), ownVerifier: false);
        Assert.All(findings.All, fault => Assert.Contains("xpected", fault.Message, StringComparison.Ordinal));
        Assert.True(findings.Rows > 0 || findings.Faults.Count > 0);
        // What is refused here a run refuses too, and the other way round: they read with the same readers.
        var texts = Encoding.UTF8.GetString(input).Split('\n');
        var reading = Gsm8kReader.Read(texts);
        Assert.Equal(texts.Count(text => !Utf8Lines.IsBlank(text)), reading.Problems.Count + reading.Rejected.Count);
        Assert.All(reading.Rejected, rejected => Assert.NotEmpty(rejected.Detail));
    }));

    [Fact]
    public async Task A_result_message_is_read_or_refused_as_json_and_its_id_never_leaves_its_prefix() => Report(await Fuzzer.RunAsync(
        "result",
        600,
        ["""{"id":"run-1/srl/1/0/0/3/0/2/rollout","instance":"run-1:srl:1:0"}"""u8.ToArray()],
        input =>
        {
            try
            {
                var message = JsonSerializer.Deserialize(Encoding.UTF8.GetString(input), CurriculumJson.Default.ResultMessage);
                if (message is not null)
                    EnsureInside("work", StorageNames.Result(message.Id));
            }
            catch (Exception refusal) when (refusal is JsonException or FormatException)
            {
                Assert.NotEmpty(refusal.Message);
            }
        }));

    private static void Judge(bool taken, IReadOnlyList<PlanViolation> violations)
    {
        Assert.NotEqual(taken, violations.Count > 0);
        Assert.All(violations, violation =>
        {
            Assert.Matches("Expected|more violations", violation.Message);
            Assert.True(violation.Pointer.Length == 0 || violation.Pointer[0] == '/', violation.Pointer);
        });
    }

    /// <summary>The blob's address as the client would write it lies in the container.</summary>
    private static void EnsureInside(string container, string name) => Assert.StartsWith(
        $"/account/{container}/",
        new Azure.Storage.Blobs.BlobContainerClient(new Uri($"http://127.0.0.1/account/{container}")).GetBlobClient(name).Uri.AbsolutePath,
        StringComparison.Ordinal);

    private static byte[] Join(IEnumerable<byte[]> lines) => [.. lines.SelectMany(line => (byte[])[.. line, (byte)'\n'])];

    private static void Report(int cases) => TestContext.Current.TestOutputHelper?.WriteLine($"{cases} cases");
}
