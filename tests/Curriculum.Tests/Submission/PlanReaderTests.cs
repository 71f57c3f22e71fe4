using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Curriculum.Plans;
using Curriculum.Submission;
using Curriculum.Work;

namespace Curriculum.Tests.Submission;

[Trait("Speed", "fast")]
public sealed class PlanReaderTests
{
    [Fact]
    public void A_valid_plan_is_read_with_the_records_own_defaults()
    {
        var reading = PlanReader.Read(PlanText.Valid);
        Assert.Empty(reading.Violations);
        Assert.True(reading.Valid);
        Assert.Equal(64, reading.Hash.Length);

        var stage = reading.Plan.Arms[1].Stages[0];
        Assert.Equal(new SrlPlan { ProblemsPerIteration = 4 }, stage);
        Assert.Equal(new LimitsPlan(), reading.Plan.Limits);
        Assert.Equal(new PretrainPlan(), reading.Plan.Base.Pretrain);
        Assert.Equal(10_000, reading.Plan.Evaluation.BootstrapDraws);
        Assert.Empty(reading.Plan.Arms[0].Stages);
    }

    [Fact]
    public void Clipping_that_is_switched_off_stays_off_when_the_plan_is_stored_and_read_again()
    {
        var plan = PlanReader.Read(PlanText.Valid).Plan!;
        Assert.False(Assert.IsType<RlvrPlan>(plan.Arms[2].Stages[1]).Loss.Clipping);
        Assert.True(Assert.IsType<SrlPlan>(plan.Arms[2].Stages[0]).Loss.Clipping);

        var canonical = PlanHash.Canonical(plan);
        Assert.Equal(canonical, PlanHash.Canonical(PlanReader.Read(canonical).Plan!));
        Assert.Equal(canonical, PlanHash.Canonical(JsonSerializer.Deserialize(canonical, CurriculumJson.Default.RunPlan)!));
    }

    [Fact]
    public void The_hash_knows_the_plan_and_not_its_formatting()
    {
        var hash = PlanReader.Read(PlanText.Valid).Hash;
        var reversed = new JsonObject(JsonNode.Parse(PlanText.Valid)!.AsObject().Reverse().Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
        Assert.Equal(hash, PlanReader.Read(reversed.ToJsonString()).Hash);
        Assert.Equal(hash, PlanText.Read(("/limits", """{ "parallelArms": 4 }"""), ("/evaluation/samples", "4")).Hash);
        Assert.NotEqual(hash, PlanText.Read(("/limits", """{ "parallelArms": 5 }""")).Hash);
        Assert.NotEqual(hash, PlanText.Read(("/arms/2/stages/1/loss", "{}")).Hash);
    }

    [Fact]
    public void A_plan_may_name_its_schema_and_have_comments_which_change_no_hash()
    {
        var commented = PlanText.With(("/$schema", "\"docs/plan.schema.json\"")).Replace("\"seeds\"", "// three would be better\n\"seeds\"", StringComparison.Ordinal);
        var reading = PlanReader.Read(commented);
        Assert.Empty(reading.Violations);
        Assert.Equal(PlanReader.Read(PlanText.Valid).Hash, reading.Hash);
        Assert.Equal(["/$schema"], Pointers(("/$schema", "7")));
        Assert.Equal(["/evaluation/$schema"], Pointers(("/evaluation/$schema", "\"x\"")));
    }

    [Fact]
    public void A_fault_of_the_text_is_told_by_the_line_that_an_editor_shows()
    {
        var violation = Assert.Single(PlanReader.Read("{\n  \"name\": \"x\",\n  \"seeds\": [1,, 2]\n}").Violations);
        Assert.Contains("(line 3, byte 15)", violation.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_plan_still_says_what_it_names_and_which_of_it_is_sound()
    {
        var reading = PlanText.Read(("/seeds", "[]"), ("/base", """{ "model": "mine" }"""), ("/training/family", "3"));
        Assert.False(reading.Valid);
        Assert.Equal("mine", reading.Draft!.Base.Model);
        Assert.True(reading.IsSound("/base/model"));
        Assert.False(reading.IsSound("/training/family"));
        Assert.Null(PlanReader.Read("{").Draft);
    }

    [Fact]
    public void Different_mistakes_are_found_at_once()
    {
        var reading = PlanText.Read(
            ("/name", "\"Two Dials\""),
            ("/budget/amount", "\"much\""),
            ("/seeds", "[1, 2, 2]"),
            ("/arms/1/stages/0/method", "\"ppo\""),
            ("/arms/2/stages/0/share", "0.5"),
            ("/evaluation/curriculum", "\"srl-rlvrr\""),
            ("/evaluation/colour", "\"red\""),
            ("/training/count", null));
        Assert.False(reading.Valid);
        Assert.Null(reading.Plan);
        Assert.Equal(
            ["/name", "/training/count", "/budget/amount", "/seeds/2", "/arms/1/stages/0/method", "/evaluation/colour", "/arms/2/stages", "/evaluation/curriculum"],
            reading.Violations.Select(violation => violation.Pointer));
        Assert.All(reading.Violations, violation => Assert.Contains("xpected", violation.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_broken_value_brings_no_violations_in_its_wake()
    {
        Assert.Equal(["/arms"], Pointers(("/arms", "7")));
        Assert.Equal(["/evaluation"], Pointers(("/evaluation", null)));
        Assert.Equal(["/training/family"], Pointers(("/training/family", "3")));
        Assert.Equal(["/arms/2/stages/0/share"], Pointers(("/arms/2/stages/0/share", "-1")));
        Assert.Equal(["/base"], Pointers(("/base", "[]")));
    }

    [Theory]
    [InlineData("/seeds", "[]", "/seeds")]
    [InlineData("/seeds", "[1.5, 2]", "/seeds/0")]
    [InlineData("/seeds", "[5000000000]", "/seeds/0")]
    [InlineData("/budget/amount", "0", "/budget/amount")]
    [InlineData("/budget/amount", "1e400", "/budget/amount")]
    [InlineData("/budget/unit", "\"Compute\"", "/budget/unit")]
    [InlineData("/limits", "null", "/limits")]
    [InlineData("/base/pretrain/updates", "true", "/base/pretrain/updates")]
    [InlineData("/arms/1/name", "\"a\\n\"", "/arms/1/name")]
    [InlineData("/arms/1/name", "\"srl-rlvr\"", "/arms/2/name")]
    [InlineData("/arms/1/stages/0/groupSize", "1", "/arms/1/stages/0/groupSize")]
    [InlineData("/arms/1/stages/0/groupSize", "1025", "/arms/1/stages/0/groupSize")]
    [InlineData("/arms/1/stages/0/temperature", "0", "/arms/1/stages/0/temperature")]
    [InlineData("/arms/1/stages/0/temperature", "2.1", "/arms/1/stages/0/temperature")]
    [InlineData("/arms/1/stages/0/rolloutItems", "5", "/arms/1/stages/0/rolloutItems")]
    [InlineData("/arms/1/stages/0/loss", """{ "clipLow": null }""", "/arms/1/stages/0/loss/clipLow")]
    [InlineData("/arms/1/stages/0/loss", """{ "dualClip": 1 }""", "/arms/1/stages/0/loss/dualClip")]
    [InlineData("/arms/1/stages/0/algorithm", "\"reinforce\"", "/arms/1/stages/0/algorithm")]
    [InlineData("/arms/1/stages/0", """{ "method": "srl", "target": "solution", "titles": true }""", "/arms/1/stages/0/titles")]
    [InlineData("/arms/1/stages/0", "{}", "/arms/1/stages/0/method")]
    [InlineData("/arms/1/stages/0", """{ "method": 3, "groupSize": 4 }""", "/arms/1/stages/0/method")]
    [InlineData("/arms/1/stages/0", "7", "/arms/1/stages/0")]
    [InlineData("/arms/1/stages/0/groupsize", "4", "/arms/1/stages/0/groupsize")]
    [InlineData("/arms/1/stages/0", """{ "method": "srl", "target": "solution", "monologue": {} }""", "/arms/1/stages/0/monologue")]
    [InlineData("/arms/2/stages/1/reward", """{ "kind": "continuous" }""", "/arms/2/stages/1/reward/kind")]
    [InlineData("/arms/2/stages/1/reward", """{ "and": "by-method" }""", "/arms/2/stages/1/reward/and")]
    [InlineData("/arms/2/stages/1/reward", """{ "and": "step-similarity" }""", "/arms/2/stages/1/reward/and")]
    [InlineData("/arms/1/stages/0/reward", """{ "kind": "majority-vote" }""", "/arms/1/stages/0/reward/kind")]
    [InlineData("/arms/1/stages/0/reward", """{ "overlongBuffer": 0 }""", "/arms/1/stages/0/reward/overlongBuffer")]
    [InlineData("/arms/1/stages/0/reward", """{ "kind": "ground-truth" }""", "/arms/1/stages/0/reward/kind")]
    [InlineData("/arms/1/stages/0/share", "0.9999", "/arms/1/stages")]
    [InlineData("/arms/2/stages/1/admission", """{ "targetGroups": 17, "refillRounds": 0 }""", "/arms/2/stages/1/admission/targetGroups")]
    [InlineData("/arms/2/stages/1/reward", """{ "kind": "step-similarity" }""", "/arms/2/stages/1/reward/kind")]
    [InlineData("/base", "{}", "/base")]
    [InlineData("/base", """{ "pretrain": {}, "chat": {} }""", "/base/chat")]
    [InlineData("/base", """{ "model": "m", "chat": { "format": "vicuna" } }""", "/base/chat/format")]
    [InlineData("/base", """{ "model": "m", "chat": { "format": "llama3", "thinking": true } }""", "/base/chat/thinking")]
    [InlineData("/base", """{ "model": "m", "chat": { "format": "chatml", "thinking": true } }""", "/base/chat/thinking")]
    [InlineData("/base", """{ "model": "m", "chat": { "format": "qwen3-thinking" } }""", "/base/chat/thinking")]
    [InlineData("/base", """{ "model": "m", "chat": { "system": "a\u0003b" } }""", "/base/chat/system")]
    [InlineData("/base", """{ "pretrain": {}, "model": "qwen" }""", "/base")]
    [InlineData("/base", """{ "model": "../secrets" }""", "/base/model")]
    [InlineData("/training/family", "\"three-dials\"", "/training/family")]
    [InlineData("/training/difficulty", "[]", "/training/difficulty")]
    [InlineData("/training/difficulty", "[8, 18]", "/training/difficulty/1")]
    [InlineData("/training/demonstrations", "0", "/training/demonstrations")]
    [InlineData("/training/demonstrations", "513", "/training/demonstrations")]
    [InlineData("/training/dataset", "\"x.jsonl\"", "/training/dataset")]
    [InlineData("/evaluation/validation/seed", "11", "/evaluation/validation/seed")]
    [InlineData("/evaluation/benchmarks/0/seed", "11", "/evaluation/benchmarks/0/seed")]
    [InlineData("/evaluation/benchmarks/0/seed", "12", "/evaluation/benchmarks/0/seed")]
    [InlineData("/evaluation/benchmarks", "[]", "/evaluation/benchmarks")]
    [InlineData("/evaluation/curriculum", "\"base\"", "/evaluation/curriculum")]
    [InlineData("/evaluation/against", """["srl", "sft"]""", "/evaluation/against/1")]
    [InlineData("/evaluation/against", """["srl-rlvr"]""", "/evaluation/against/0")]
    [InlineData("/evaluation/samples", "0", "/evaluation/samples")]
    [InlineData("/evaluation/confidence", "1", "/evaluation/confidence")]
    [InlineData("/evaluation/confidence", "0", "/evaluation/confidence")]
    [InlineData("/evaluation/bootstrapDraws", "99", "/evaluation/bootstrapDraws")]
    [InlineData("/evaluation/smallestInterestingDifference", "1.1", "/evaluation/smallestInterestingDifference")]
    public void Each_rule_names_the_place(string pointer, string json, string expected) => Assert.Equal([expected], Pointers((pointer, json)));

    [Fact]
    public void The_same_seed_at_other_levels_is_another_set() =>
        Assert.True(PlanText.Read(("/evaluation/benchmarks/0/seed", "11"), ("/evaluation/benchmarks/0/difficulty", "[10]")).Valid);

    // By hand: 10^2 questions of two operations; 512 problems over the levels 2 and 8 in turn ask for 256 of them.
    [Fact]
    public void A_level_cannot_give_more_problems_than_it_has()
    {
        Assert.Equal(["/training/count"], Pointers(("/training/difficulty", "[2, 8]")));
        Assert.True(PlanText.Read(("/training/difficulty", "[2, 8]"), ("/training/count", "200")).Valid);
        Assert.False(PlanText.Read(("/training/difficulty", "[2, 8]"), ("/training/count", "201")).Valid);
    }

    [Fact]
    public void A_data_set_is_named_where_a_family_is_read_and_draws_are_kept_apart()
    {
        const string Read = """{ "family": "gsm8k", "count": 64, "seed": 1, "dataset": "gsm8k/train.jsonl" }""";
        const string Test = """{ "name": "test", "family": "gsm8k", "count": 64, "seed": 2, "dataset": "gsm8k/test.jsonl" }""";
        (string, string?)[] changes = [("/base", """{ "model": "Qwen2.5-0.5B" }"""), ("/training", Read), ("/evaluation/benchmarks/0", Test)];
        Assert.Empty(Pointers(changes));
        Assert.Equal(["/training/dataset"], Pointers([.. changes, ("/training/dataset", null)]));
        Assert.Equal(["/training/difficulty"], Pointers([.. changes, ("/training/difficulty", "[3]")]));
        Assert.Equal(["/evaluation/benchmarks/0/dataset"], Pointers([.. changes, ("/evaluation/benchmarks/0/dataset", "\"gsm8k/train.jsonl\"")]));
        Assert.Equal(["/training/family", "/evaluation/benchmarks/0/family"], Pointers([.. changes, ("/base", """{ "pretrain": {} }""")]));
    }

    [Theory]
    [InlineData("2025-05-31", "2025-05-31", true)]
    [InlineData("2025-05-31", "2025-06-01", false)]
    [InlineData("2025-05-31", null, false)]
    [InlineData(null, null, true)]
    public void A_data_set_was_released_on_one_day(string? first, string? second, bool valid)
    {
        string Test(string name, int seed, string? day) =>
            $$"""{ "name": "{{name}}", "family": "gsm8k", "count": 64, "seed": {{seed}}, "dataset": "gsm8k/test.jsonl"{{(day is null ? "" : $", \"released\": \"{day}\"")}} }""";
        var pointers = Pointers(("/base", """{ "model": "Qwen2.5-0.5B" }"""), ("/evaluation/benchmarks", $"[{Test("one", 2, first)}, {Test("two", 3, second)}]"));
        Assert.Equal(!valid, pointers.Contains("/evaluation/benchmarks/1/released"));
    }

    [Fact]
    public void A_chat_template_is_found_in_the_model_unless_it_is_named()
    {
        Assert.Null(PlanText.Read(("/base", """{ "model": "m" }""")).Plan!.Base.Chat);
        Assert.Equal(new(), PlanText.Read(("/base", """{ "model": "m", "chat": {} }""")).Plan!.Base.Chat);
        Assert.Equal(
            new() { Format = ChatFormat.Qwen25, System = "Be\nbrief." },
            PlanText.Read(("/base", """{ "model": "m", "chat": { "format": "qwen2.5", "system": "Be\nbrief." } }""")).Plan!.Base.Chat);
    }

    [Fact]
    public void A_plan_without_imitation_needs_no_demonstrations() => Assert.True(PlanText.Read(
        ("/training/demonstrations", "0"),
        ("/arms/1", """{ "name": "sft-free", "stages": [{ "method": "rlvr" }] }"""),
        ("/arms/2/stages", """[{ "method": "rlvr" }]""")).Valid);

    [Theory]
    [InlineData("srl", "updatesPerItem", "20", "sft")]
    [InlineData("sft", "groupSize", "1", "srl, rlvr, expert-iteration, best-of-n, return-conditioned")]
    [InlineData("sft", "reward", "{}", "srl, rlvr, expert-iteration, best-of-n, return-conditioned")]
    [InlineData("sft", "algorithm", "\"grpo\"", "srl, rlvr")]
    [InlineData("expert-iteration", "loss", "{}", "srl, rlvr")]
    [InlineData("return-conditioned", "advantage", "null", "srl, rlvr")]
    [InlineData("rlvr", "target", "\"solution\"", "sft, srl, expert-iteration, best-of-n, return-conditioned")]
    [InlineData("rlvr", "monologue", "{}", "srl")]
    [InlineData("sft", "titles", "false", "srl")]
    [InlineData("return-conditioned", "expert", "{}", "expert-iteration")]
    [InlineData("expert-iteration", "conditioning", "{}", "return-conditioned")]
    public void A_key_of_another_method_is_refused_with_the_methods_that_have_it(string method, string key, string value, string methods)
    {
        var violation = Assert.Single(PlanText.Read(("/arms/1/stages/0", $$"""{ "{{key}}": {{value}}, "method": "{{method}}" }""")).Violations);
        Assert.Equal(new($"/arms/1/stages/0/{key}", $"Expected none where method is {method}: {key} is a key of {methods}."), violation);
    }

    [Fact]
    public void Every_mistake_in_a_stage_of_no_known_method_is_found_at_once()
    {
        var reading = PlanText.Read(("/arms/1/stages/0", """{ "groupSize": 0, "method": "reinforce", "updatesPerItem": 2, "colour": "red", "share": 2 }"""));
        Assert.Equal(
            ["/arms/1/stages/0/groupSize", "/arms/1/stages/0/method", "/arms/1/stages/0/colour", "/arms/1/stages/0/share"],
            reading.Violations.Select(violation => violation.Pointer));
        Assert.Equal("Expected one of sft, srl, rlvr, expert-iteration, best-of-n, return-conditioned, found 'reinforce'.", reading.Violations[1].Message);
    }

    [Theory]
    [InlineData("sft", typeof(SftPlan))]
    [InlineData("srl", typeof(SrlPlan))]
    [InlineData("rlvr", typeof(RlvrPlan))]
    [InlineData("expert-iteration", typeof(ExpertIterationPlan))]
    [InlineData("best-of-n", typeof(BestOfNPlan))]
    [InlineData("return-conditioned", typeof(ReturnConditionedPlan))]
    public void The_method_names_the_record_wherever_it_stands_in_the_stage(string method, Type record)
    {
        var last = PlanText.Read(("/arms/1/stages/0", $$"""{ "checkpointEvery": 7, "method": "{{method}}" }"""));
        var stage = Assert.Single(last.Plan!.Arms[1].Stages);
        Assert.IsType(record, stage);
        Assert.Equal(method, JsonSerializer.SerializeToElement(stage.Method, CurriculumJson.Default.Method).GetString());
        Assert.Equal(last.Hash, PlanText.Read(("/arms/1/stages/0", $$"""{ "method": "{{method}}", "checkpointEvery": 7 }""")).Hash);
        Assert.Equal(stage, JsonSerializer.Deserialize(JsonSerializer.Serialize(stage, CurriculumJson.Default.StagePlan), CurriculumJson.Default.StagePlan));
    }

    // What reads a stored plan elsewhere may write its keys in another order.
    [Fact]
    public void A_stored_plan_is_read_whatever_the_order_of_its_keys()
    {
        var plan = PlanReader.Read(PlanText.Valid).Plan!;
        var reversed = Reversed(JsonNode.Parse(PlanHash.Canonical(plan))!);
        Assert.Equal(PlanHash.Canonical(plan), PlanHash.Canonical(reversed.Deserialize(CurriculumJson.Default.RunPlan)!));
    }

    private static JsonNode? Reversed(JsonNode? node) => node switch
    {
        JsonObject value => new JsonObject(value.Reverse().Select(pair => KeyValuePair.Create(pair.Key, Reversed(pair.Value)))),
        JsonArray array => new JsonArray([.. array.Select(Reversed)]),
        _ => node?.DeepClone(),
    };

    [Fact]
    public void Text_that_is_no_unicode_is_refused()
    {
        Assert.Equal(["/arms/1/name"],
            PlanReader.Read(PlanText.Valid.Replace("\"name\": \"srl\"", """ "name": "\ud800" """, StringComparison.Ordinal)).Violations.Select(violation => violation.Pointer));
        Assert.Equal([""], PlanReader.Read(PlanText.Valid.Insert(1, """ "\ud800": 1, """)).Violations.Select(violation => violation.Pointer));
    }

    [Fact]
    public void Pointers_are_escaped() => Assert.Equal(["/a~1b~0c"], PlanReader.Read(PlanText.Valid.Insert(1, "\"a/b~c\": 1,")).Violations.Select(violation => violation.Pointer));

    [Fact]
    public void A_key_that_is_given_twice_is_refused() =>
        Assert.Equal(new PlanViolation("/name", "Expected each key once, found it twice."), Assert.Single(PlanReader.Read(PlanText.Valid.Insert(1, "\"name\": \"x\",")).Violations));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("null")]
    [InlineData("[]")]
    public void What_is_no_object_is_one_violation(string text) => Assert.Equal("", Assert.Single(PlanReader.Read(text).Violations).Pointer);

    [Fact]
    public void An_empty_object_lacks_every_required_key() => Assert.Equal(
        ["/name", "/base", "/training", "/budget", "/seeds", "/arms", "/evaluation"], PlanReader.Read("{}").Violations.Select(violation => violation.Pointer));

    [Fact]
    public void Size_depth_and_encoding_are_bounded()
    {
        Assert.Contains("1048576 bytes", One(PlanReader.Read(PlanText.Valid + new string(' ', PlanReader.MaxBytes))), StringComparison.Ordinal);
        Assert.Contains("32 levels", One(PlanReader.Read(new string('[', 40) + new string(']', 40))), StringComparison.Ordinal);
        Assert.Contains("UTF-8", One(PlanReader.Read([0x7b, 0xff, 0x7d])), StringComparison.Ordinal);
        Assert.True(PlanReader.Read([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(PlanText.Valid)]).Valid);
    }

    [Fact]
    public void Endless_violations_are_counted_and_not_listed()
    {
        var reading = PlanText.Read(("/seeds", $"[{string.Join(",", Enumerable.Repeat("\"x\"", 5_000))}]"));
        Assert.Equal(PlanReader.MaxViolations + 1, reading.Violations.Count);
        Assert.EndsWith("more violations.", reading.Violations[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_values_are_shortened_in_messages() =>
        Assert.True(One(PlanText.Read(("/name", $"\"{new string('x', 100_000)}\""))).Length < 300);

    private static string One(PlanReading reading) => Assert.Single(reading.Violations).Message;

    private static IEnumerable<string> Pointers(params (string, string?)[] changes) => PlanText.Read(changes).Violations.Select(violation => violation.Pointer);
}
