using System.Globalization;
using System.Text;
using Scale;

// Writes docs/SCALE.md: `dotnet run -c Release --project bench/Scale -- docs/SCALE.md`.
const int Seeds = 5;
var page = new StringBuilder("""
    # How far a run scales

    For whoever sizes a pool of workers. After this page you know what more workers buy, and where they stop buying anything. Simulated, not run: written by `dotnet run -c Release --project bench/Scale -- docs/SCALE.md`, a discrete-event simulation over service times that were measured on one H200 at the 0.5B shape ([MODELS.md](MODELS.md#devices)) and grown in proportion to the parameters.


    """);
var plain = Setting.SevenBillion(spot: false);
page.AppendLine(Text($"The plan: a 7B policy, {plain.Chains} arms and seeds that train side by side, {plain.Iterations} iterations each, 256 problems x 8 completions of 1,000 tokens on average and 4,096 at most. An iteration's rollouts take {plain.RolloutSeconds:0} s of one GPU and can be spread over as many workers as there are problems; no item takes less than {plain.LeastRolloutSeconds:0} s, the decoding of the longest completion. Its update is one item of {plain.UpdateSeconds:0} s. A policy that another worker made is loaded in {plain.PolicySeconds:0} s. Service times scatter (log-normal, {plain.Spread:0.00}); a machine takes {plain.StartSeconds:0} s to start; {plain.PricePerSecond * 3600:0} USD an hour, an assumption. Medians of {Seeds} seeds."));
page.AppendLine();
Table("On demand", plain);
Table(Text($"Evicted every {Setting.SevenBillion(spot: true).EvictionSeconds / 3600:0} hours on average"), Setting.SevenBillion(spot: true));
var bound = (plain.RolloutSeconds + plain.UpdateSeconds) / (plain.UpdateSeconds + plain.LeastRolloutSeconds);
page.AppendLine("## Where it stops");
page.AppendLine();
page.AppendLine(Text($"An iteration is serial in its update: with all the workers of the world it takes {plain.UpdateSeconds:0} + {plain.LeastRolloutSeconds:0} s instead of {plain.RolloutSeconds + plain.UpdateSeconds:0} s, {bound:0.0} times as fast. {plain.Chains} chains side by side can keep about {plain.Chains * bound:0} workers busy; beyond that a worker costs money and saves nothing. A single chain stops at {bound:0.0}. What would move the limit is an update over several workers, which this system does not have."));
File.WriteAllText(args is [var path] ? path : "docs/SCALE.md", page.ToString());
return 0;

void Table(string title, Setting setting)
{
    page.AppendLine(Text($"## {title}"));
    page.AppendLine();
    page.AppendLine("| Workers | Rollout items | Hours | Times as fast | Utilisation % | Lost % | Evictions | USD |");
    page.AppendLine("|---|---|---|---|---|---|---|---|");
    double? one = null;
    for (var workers = 1; workers <= 1024; workers *= 2)
    {
        var outcome = Enumerable.Range(1, Seeds).Select(seed => new Simulation(setting, workers, seed).Run()).OrderBy(each => each.Seconds).ElementAt(Seeds / 2);
        one ??= outcome.Seconds;
        page.AppendLine(Text($"| {workers} | {outcome.RolloutItems} | {outcome.Seconds / 3600:0.0} | {one / outcome.Seconds:0.0} | {outcome.Utilisation * 100:0} | {outcome.Lost * 100:0.0} | {outcome.Evictions} | {outcome.Cost:0} |"));
    }

    page.AppendLine();
}

static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
