using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Curriculum.Costs;
using Curriculum.Plans;
using Curriculum.Submission;
using Curriculum.Tests.Submission;

namespace Curriculum.Tests.Costs;

[Trait("Speed", "fast")]
public class PlanPricingTests
{
    // Ten thousand tokens generated or twenty thousand trained in a second that costs a half.
    private static readonly RateTable Rates = RateTable.Read(Encoding.UTF8.GetBytes("""
        {
          "currency": "EUR", "asOf": "a test", "basis": "invented",
          "machines": [
            { "name": "fast", "what": "a machine", "perSecond": 0.5, "startSeconds": 40, "idleSeconds": 60,
              "speed": { "parameters": 1000, "forwardTokensPerSecond": 10000, "trainedTokensPerSecond": 20000, "device": "none", "command": "none" } },
            { "name": "unknown", "what": "never measured", "perSecond": 0.5, "startSeconds": 40, "idleSeconds": 60, "speed": null },
            { "name": "unpriced", "what": "no price", "perSecond": null, "startSeconds": 40, "idleSeconds": 60,
              "speed": { "parameters": 1000, "forwardTokensPerSecond": 10000, "trainedTokensPerSecond": 20000, "device": "none", "command": "none" } }
          ],
          "schedulerPerMillionActions": 1, "appPerMillionExecutions": 0, "appPerGibibyteSecond": 0,
          "storagePerGibibyteMonth": 0, "storagePerTenThousandWrites": 0, "storagePerTenThousandReads": 0
        }
        """));

    [Fact]
    public void A_stage_of_sft_spends_three_units_on_each_token_it_trains()
    {
        // 3,000,000 units are 1,000,000 tokens: 50 s for each of 2 seeds.
        var line = Line(Plan("""[{ "name": "sft", "stages": [{ "method": "sft" }] }]""", "sft", 3_000_000, "[1, 2]"), "arm sft, stage 1 of 1 (sft), 2 seeds");
        Assert.Equal(new CostRange(100, 100), line.WorkerSeconds);
        Assert.Equal(new CostRange(50, 50), line.Cost);
    }

    [Fact]
    public void A_sampled_stage_lies_between_every_group_admitted_and_none()
    {
        // All: each of 1,000,000 tokens is sampled (100 s) and trained (50 s). None: 4,000,000 are sampled (400 s).
        var line = Line(Plan("""[{ "name": "r", "stages": [{ "method": "rlvr" }] }]""", "r", 4_000_000, "[1]"), "arm r, stage 1 of 1 (rlvr), 1 seed");
        Assert.Equal(new CostRange(150, 400), line.WorkerSeconds);
    }

    [Fact]
    public void Two_passes_over_a_batch_cost_two_passes()
    {
        // 1 + 2 x 3 = 7 units a token: 1,000,000 sampled (100 s), 2,000,000 trained (100 s); or 7,000,000 sampled.
        var line = Line(
            Plan("""[{ "name": "r", "stages": [{ "method": "rlvr", "loss": { "epochs": 2 } }] }]""", "r", 7_000_000, "[1]"), "arm r, stage 1 of 1 (rlvr), 1 seed");
        Assert.Equal(new CostRange(200, 700), line.WorkerSeconds);
    }

    [Fact]
    public void A_policy_of_twice_the_size_takes_twice_the_time()
    {
        var plan = Plan("""[{ "name": "sft", "stages": [{ "method": "sft" }] }]""", "sft", 3_000_000, "[1]");
        Assert.Equal(new CostRange(100, 100), PlanPricing.Of(plan, Rates, "fast", 2000).Lines.First(line => line.Part.StartsWith("arm", StringComparison.Ordinal)).WorkerSeconds);
    }

    [Fact]
    public void Shares_of_the_budget_are_shares_of_the_price()
    {
        var plan = Plan("""[{ "name": "two", "stages": [{ "method": "sft", "share": 0.25 }, { "method": "sft", "share": 0.75 }] }]""", "two", 3_000_000, "[1]");
        Assert.Equal(new CostRange(12.5, 12.5), Line(plan, "arm two, stage 1 of 2 (sft), 1 seed").WorkerSeconds);
        Assert.Equal(new CostRange(37.5, 37.5), Line(plan, "arm two, stage 2 of 2 (sft), 1 seed").WorkerSeconds);
    }

    [Fact]
    public void Every_policy_answers_every_benchmark_greedily_and_in_samples()
    {
        // 256 problems, 1 + 4 completions of 96 tokens, the base once and 2 seeds of an arm: 256 x 5 x 96 x 3 = 368,640 tokens.
        var plan = Plan("""[{ "name": "base" }, { "name": "sft", "stages": [{ "method": "sft" }] }]""", "sft", 3_000_000, "[1, 2]");
        Assert.Equal(36.864, Line(plan, "evaluation on the benchmarks").WorkerSeconds!.Most, 9);
    }

    [Fact]
    public void A_budget_in_seconds_is_priced_as_it_stands()
    {
        var plan = Plan("""[{ "name": "r", "stages": [{ "method": "rlvr" }] }]""", "r", 600, "[1, 2]");
        plan = plan with { Budget = plan.Budget with { Unit = BudgetUnit.Seconds } };
        Assert.Equal(new CostRange(1200, 1200), Line(plan, "arm r, stage 1 of 1 (rlvr), 2 seeds").WorkerSeconds);
    }

    [Fact]
    public void The_total_is_the_sum_of_the_lines()
    {
        var price = PlanPricing.Of(Plan("""[{ "name": "r", "stages": [{ "method": "rlvr" }] }]""", "r", 4_000_000, "[1]"), Rates, "fast");
        Assert.Equal(price.Lines.Sum(line => line.Cost!.Most), price.Total!.Most, 9);
        Assert.Equal(price.Lines.Sum(line => line.WorkerSeconds?.Least ?? 0), price.WorkerSeconds!.Least, 9);
        Assert.Equal("EUR", price.Currency);
        Assert.Null(price.Missing);
    }

    [Fact]
    public void What_was_never_measured_is_not_priced_and_the_table_is_named()
    {
        var plan = Plan("""[{ "name": "r", "stages": [{ "method": "rlvr" }] }]""", "r", 4_000_000, "[1]");
        var unknown = PlanPricing.Of(plan, Rates, "unknown");
        Assert.Null(unknown.Total);
        Assert.Null(unknown.WorkerSeconds);
        Assert.StartsWith("There are no measured tokens per second for 'unknown'", unknown.Missing, StringComparison.Ordinal);

        var unpriced = PlanPricing.Of(plan, Rates, "unpriced");
        Assert.Null(unpriced.Total);
        Assert.True(unpriced.WorkerSeconds!.Most > 400);
        Assert.StartsWith("There is no price per second for 'unpriced'", unpriced.Missing, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => PlanPricing.Of(plan, Rates, "abacus"));
    }

    [Fact]
    public void A_plan_above_its_own_cap_is_refused_by_pointer_and_one_that_keeps_it_is_not()
    {
        const string Arms = """[{ "name": "r", "stages": [{ "method": "rlvr" }] }]""";
        var plan = Plan(Arms, "r", 4_000_000, "[1]");
        var most = PlanPricing.Of(plan, Rates, "fast").Total!.Most;
        Assert.Null(CostCap.Check(plan, PlanPricing.Of(plan, Rates, "fast")));

        Assert.Null(Check(Capped(most * 1.001), "fast"));
        var over = Check(Capped(most * 0.999), "fast");
        Assert.Equal("/budget/maximumCost", over!.Pointer);
        Assert.Contains("on 'fast' (rates of a test). Lower the budget, or raise maximumCost.", over.Message, StringComparison.Ordinal);
        Assert.Contains("There are no measured tokens per second", Check(Capped(most), "unknown")!.Message, StringComparison.Ordinal);

        RunPlan Capped(double cap) => plan with { Budget = plan.Budget with { MaximumCost = cap } };
        static PlanViolation? Check(RunPlan capped, string machine) => CostCap.Check(capped, PlanPricing.Of(capped, Rates, machine));
    }

    [Fact]
    public void A_cap_is_read_from_the_plan_and_one_that_nothing_can_keep_is_refused()
    {
        Assert.Equal(2.5, PlanReader.Read(PlanText.With(("/budget/maximumCost", "2.5"))).Plan!.Budget.MaximumCost);
        Assert.Equal("/budget/maximumCost", Assert.Single(PlanReader.Read(PlanText.With(("/budget/maximumCost", "0"))).Violations).Pointer);
    }

    [Fact]
    public void A_plan_without_a_cap_keeps_its_hash() =>
        Assert.DoesNotContain("maximumCost", JsonSerializer.Serialize(PlanReader.Read(PlanText.Valid).Plan!, Curriculum.Work.CurriculumJson.Default.RunPlan), StringComparison.Ordinal);

    [Fact]
    public void The_shipped_table_says_of_every_speed_what_measured_it()
    {
        Assert.Equal(["cpu", "t4", "a100"], RateTable.Shipped.Machines.Select(machine => machine.Name));
        Assert.All(RateTable.Shipped.Machines.Select(machine => machine.Speed).OfType<MeasuredSpeed>(), speed =>
        {
            Assert.NotEmpty(speed.Device);
            Assert.StartsWith("dotnet run ", speed.Command, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("\"currency\": \"EUR\"", "\"currency\": \"EUR\", \"discount\": 1")]
    [InlineData("\"perSecond\": 0.5", "\"perSecond\": -0.5")]
    [InlineData("\"forwardTokensPerSecond\": 10000", "\"forwardTokensPerSecond\": 0")]
    [InlineData("\"schedulerPerMillionActions\": 1,", "")]
    public void A_table_that_is_wrong_is_refused(string from, string to)
    {
        var text = JsonSerializer.Serialize(Rates, JsonSerializerOptions.Web).Replace("\":", "\": ", StringComparison.Ordinal);
        Assert.Contains(from, text, StringComparison.Ordinal);
        Assert.Throws<JsonException>(() => RateTable.Read(Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Parameters_are_counted_from_a_header_alone()
    {
        var header = Encoding.UTF8.GetBytes("""{"__metadata__":{"a":"b"},"w":{"dtype":"F32","shape":[3,4],"data_offsets":[0,48]},"b":{"dtype":"F32","shape":[5],"data_offsets":[48,68]}}""");
        var file = new byte[8 + header.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)header.Length);
        header.CopyTo(file, 8);
        Assert.Equal(17, await SafetensorsSize.ParametersAsync(new MemoryStream(file), TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<InvalidDataException>(() => SafetensorsSize.ParametersAsync(new MemoryStream([1, 2, 3]), TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<InvalidDataException>(() => SafetensorsSize.ParametersAsync(new MemoryStream([255, 255, 255, 255, 255, 255, 255, 255]), TestContext.Current.CancellationToken));
    }

    private static RunPlan Plan(string arms, string curriculum, long amount, string seeds)
    {
        var reading = PlanReader.Read(PlanText.With(
            ("/arms", arms), ("/evaluation/curriculum", $"\"{curriculum}\""), ("/budget/amount", amount.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("/seeds", seeds)));
        Assert.Empty(reading.Violations);
        return reading.Plan!;
    }

    private static PriceLine Line(RunPlan plan, string part) => PlanPricing.Of(plan, Rates, "fast").Lines.Single(line => line.Part == part);
}
