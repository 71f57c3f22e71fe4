using System.Text.Json.Nodes;
using Cli.Terminal;

namespace Cli.Tests;

[Trait("Speed", "fast")]
public sealed class PlanCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("plan-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData()]
    [InlineData("--methods", "sft,rlvr", "--seeds", "1", "--budget", "5000")]
    [InlineData("--methods", "rlvr")]
    [InlineData("--methods", "srl,rlvr", "--beside", "sft,rlvr")]
    [InlineData("--methods", "srl,rlvr,expert-iteration", "--name", "three")]
    [InlineData("--methods", "best-of-n,return-conditioned")]
    public async Task A_new_plan_is_accepted_at_the_first_try(params string[] flags)
    {
        var written = await Told.ByAsync(["new", At("my first plan.json"), "--yes", .. flags]);
        Assert.True(written.Code == 0, written.Faults);
        var check = await Told.ByAsync("check", At("my first plan.json"));
        Assert.True(check.Code == 0, check.Faults);
        Assert.Contains("is a plan that can run", check.Output, StringComparison.Ordinal);
        Assert.Equal(Exit.Refused, (await Told.ByAsync("new", At("my first plan.json"), "--yes")).Code);
    }

    [Theory]
    [InlineData(true, "srl-rlvr")]
    [InlineData(false, "rlvr")]
    public async Task A_new_plan_on_own_data_and_an_own_model_is_accepted_at_the_first_try(bool withSteps, string curriculum)
    {
        WriteSums("sums.jsonl", 60, withSteps);
        Directory.CreateDirectory(At("models/own"));
        await File.WriteAllTextAsync(At("models/own/config.json"), "{}", TestContext.Current.CancellationToken);
        var written = await Told.ByAsync("new", At("own.json"), "--yes", "--data", At("sums.jsonl"));
        Assert.True(written.Code == 0, written.Faults);
        var check = await Told.ByAsync("check", At("own.json"), "--json");
        Assert.True(check.Code == 0, check.Output + check.Faults);
        Assert.Equal((true, 0, 0), ((bool)Json(check)["valid"]!, Json(check)["violations"]!.AsArray().Count, Json(check)["notes"]!.AsArray().Count));
        Assert.Contains($"\"curriculum\": \"{curriculum}\"", await File.ReadAllTextAsync(At("own.json"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_a_plan_its_data_and_its_model_is_told_at_once()
    {
        WriteSums("sums.jsonl", 60, withSteps: true);
        await File.AppendAllLinesAsync(At("sums.jsonl"), ["""{"id": "again", "problem": "What is 1 plus 2?", "steps": [], "answer": "3"}""", "no JSON"], TestContext.Current.CancellationToken);
        Directory.CreateDirectory(At("models/own"));
        var plan = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Testing.LocalSystem.Repository(), "samples", "quick.json"), TestContext.Current.CancellationToken))!;
        plan["seeds"] = new JsonArray();
        plan["base"]!["model"] = "own";
        plan["evaluation"]!["curriculum"] = "nobody";
        plan["training"] = JsonNode.Parse("""{ "family": "dataset", "dataset": "sums.jsonl", "count": 8, "seed": 1 }""");
        plan["evaluation"]!["benchmarks"]![0] = JsonNode.Parse("""{ "name": "far", "family": "dataset", "dataset": "elsewhere.jsonl", "count": 8, "seed": 1 }""");
        await File.WriteAllTextAsync(At("wrong.json"), plan.ToJsonString(), TestContext.Current.CancellationToken);

        var check = await Told.ByAsync("check", At("wrong.json"), "--json");
        Assert.Equal(Exit.Refused, check.Code);
        string[] pointers = [.. Json(check)["violations"]!.AsArray().Select(violation => (string)violation!["pointer"]!).Order(StringComparer.Ordinal)];
        Assert.Equal(["/base/model", "/evaluation/curriculum", "/seeds", "/training/dataset", "/training/dataset"], pointers);
        Assert.Contains("elsewhere.jsonl", (string)Assert.Single(Json(check)["notes"]!.AsArray())!, StringComparison.Ordinal);

        // A run is refused by the same, before anything is started.
        var run = await Told.ByAsync("run", At("wrong.json"));
        Assert.Equal((Exit.Refused, ""), (run.Code, run.Output));
        Assert.All(pointers, pointer => Assert.Contains($"  {pointer}: ", run.Faults, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pools_that_could_not_be_drawn_are_told_before_a_run_fails_by_them()
    {
        WriteSums("sums.jsonl", 60, withSteps: true);
        Directory.CreateDirectory(At("models/own"));
        await File.WriteAllTextAsync(At("models/own/config.json"), "{}", TestContext.Current.CancellationToken);
        await Told.ByAsync("new", At("own.json"), "--yes", "--data", At("sums.jsonl"));
        var text = await File.ReadAllTextAsync(At("own.json"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(At("own.json"), text.Replace("\"split\": \"validation\"", "\"split\": \"train\"", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var check = await Told.ByAsync("check", At("own.json"));
        Assert.Equal(Exit.Refused, check.Code);
    }

    [Fact]
    public async Task What_a_newcomer_changes_in_a_new_plan_stands_where_the_plan_shows_it_and_a_wrong_guess_is_put_right()
    {
        WriteSums("sums.jsonl", 60, withSteps: true);
        Directory.CreateDirectory(At("models/own"));
        await File.WriteAllTextAsync(At("models/own/config.json"), "{}", TestContext.Current.CancellationToken);
        var written = await Told.ByAsync("new", At("own.json"), "--yes", "--data", At("sums.jsonl"), "--beside", "sft");
        Assert.True(written.Code == 0, written.Faults);
        Assert.Contains($"Next: {Told.Program} check ", written.Output, StringComparison.Ordinal);
        var text = await File.ReadAllTextAsync(At("own.json"), TestContext.Current.CancellationToken);
        var (rate, count) = ("\"optimizer\": { \"learningRate\": 0.0004 }", text.IndexOf("\"name\": \"test\"", StringComparison.Ordinal));
        Assert.Contains("\"method\": \"sft\"", text, StringComparison.Ordinal);
        Assert.Contains(rate, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(At("own.json"), text.Replace(rate, "\"optimizer\": { \"learningRate\": 0.0001 }", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        Assert.Equal(0, (await Told.ByAsync("check", At("own.json"))).Code);

        await File.WriteAllTextAsync(At("own.json"), text.Replace(rate, "\"learningRate\": 0.0001", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        Assert.Contains("It is a key of optimizer: \"optimizer\": { \"learningRate\": ... }.", (await Told.ByAsync("check", At("own.json"))).Faults, StringComparison.Ordinal);

        // More test problems than there are.
        var more = text.Remove(count) + System.Text.RegularExpressions.Regex.Replace(text[count..], "\"count\": [0-9]+", "\"count\": 100");
        await File.WriteAllTextAsync(At("own.json"), more, TestContext.Current.CancellationToken);
        Assert.Contains("  /evaluation/benchmarks/0: Expected count of 1 to ", (await Told.ByAsync("check", At("own.json"))).Faults, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_set_that_leaves_a_split_empty_is_told_so()
    {
        WriteSums("few.jsonl", 4, withSteps: true);
        Directory.CreateDirectory(At("models/own"));
        Assert.Contains("A split without a problem", (await Told.ByAsync("data", "check", At("few.jsonl"))).Output, StringComparison.Ordinal);
        var refused = await Told.ByAsync("new", At("few.json"), "--yes", "--data", At("few.jsonl"));
        Assert.Equal(Exit.Refused, refused.Code);
        Assert.Contains("One problem in ten falls to validation", refused.Faults, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_price_is_a_table_or_JSON_and_the_cap_of_a_plan_refuses_it()
    {
        var table = await Told.ByAsync("price");
        Assert.Equal(0, table.Code);
        Assert.Contains("worker seconds", table.Output, StringComparison.Ordinal);
        Assert.True((double)Json(await Told.ByAsync("price", "--json"))["price"]!["total"]!["most"]! > 0);

        var plan = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Testing.LocalSystem.Repository(), "samples", "quick.json"), TestContext.Current.CancellationToken))!;
        plan["budget"]!["maximumCost"] = 0.01;
        await File.WriteAllTextAsync(At("dear.json"), plan.ToJsonString(), TestContext.Current.CancellationToken);
        foreach (var command in (string[])["price", "check", "run"])
        {
            var told = await Told.ByAsync(command, At("dear.json"));
            Assert.Equal(Exit.Refused, told.Code);
            Assert.Contains("/budget/maximumCost", told.Faults, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Stored_verdicts_are_shown_and_compared_without_a_host()
    {
        var results = Path.Combine(Testing.LocalSystem.Repository(), "samples", "findings", "results");
        Directory.CreateDirectory(At("runs/kept"));
        File.Copy(Path.Combine(results, "2-base-weak.verdict.json"), At("runs/kept/verdict.json"));
        var verdict = await Told.InAsync(_folder.FullName, "verdict", "kept");
        Assert.True(verdict.Code == 0, verdict.Faults);
        var stored = JsonNode.Parse(await File.ReadAllTextAsync(At("runs/kept/verdict.json"), TestContext.Current.CancellationToken))!;
        Assert.Contains((string)stored["headline"]!, verdict.Output, StringComparison.Ordinal);
        Assert.Equal(stored.ToJsonString(), Json(await Told.InAsync(_folder.FullName, "verdict", "kept", "--json")).ToJsonString());

        var compared = await Told.InAsync(_folder.FullName, "compare", "kept", Path.Combine(results, "2-base-strong.verdict.json"), "--json");
        Assert.True(compared.Code == 0, compared.Faults);
        Assert.Equal(["2-base-strong", "2-base-weak"], Json(compared)["runs"]!.AsArray().Select(run => (string)run!["name"]!).Order(StringComparer.Ordinal));
        Assert.Contains("gain in points", (await Told.InAsync(_folder.FullName, "compare", "kept", "kept")).Output, StringComparison.Ordinal);
        Assert.Equal(Exit.Refused, (await Told.InAsync(_folder.FullName, "compare", "kept", Path.Combine(results, "2-base-strong.run.json"))).Code);
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private void WriteSums(string name, int count, bool withSteps) => File.WriteAllLines(At(name), Enumerable.Range(1, count).Select(n =>
        $$"""{"id": "sum/{{n}}", "problem": "What is {{n}} plus 2?", "steps": [{{(withSteps ? $"\"1. Add {n} and 2.\", \"2. It comes to {n + 2}.\"" : "")}}], "answer": "{{n + 2}}"}"""));

    private static JsonNode Json(Told told) => JsonNode.Parse(told.Output)!;
}
