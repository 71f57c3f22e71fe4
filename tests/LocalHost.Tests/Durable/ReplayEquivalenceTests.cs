using CsCheck;
using Microsoft.DurableTask;

namespace LocalHost.Tests.Durable;

/// <summary>A crash after any turn changes nothing of what an orchestration comes to.</summary>
public sealed class ReplayEquivalenceTests(AzuriteFixture azurite) : EngineTest(azurite)
{
    // A program is a list of steps; what each does follows from its number alone, so that the expected result is computed here.
    private static readonly Gen<int[]> Programs = Gen.Int[0, 5].Array[1, 5];

    [Fact]
    public async Task Random_orchestrations_come_to_the_same_result_whatever_turn_the_host_dies_after()
    {
        App.Activity<int>("Add", x => x + 1)
            .Activity<int>("Fails", x => throw new InvalidOperationException($"{x}"))
            .Orchestrator("Child", async context =>
            {
                var value = context.GetInput<int>();
                if (value % 2 == 0)
                    return await context.CallActivityAsync<int>("Add", value);
                context.ContinueAsNew(value + 1);
                return null;
            })
            .Orchestrator("Program", async context =>
            {
                var value = 1;
                foreach (var step in context.GetInput<int[]>()!)
                    value = await StepAsync(context, step, value);
                return value;
            });
        await StartAsync();

        var round = 0;
        await Gen.Select(Programs, Gen.Int[0, 30].Array[2]).SampleAsync(
            async (program, pauses) =>
            {
                var ids = Enumerable.Range(0, 4).Select(i => $"{round}-{i}").ToArray();
                round++;
                foreach (var id in ids)
                    await Client.ScheduleNewOrchestrationInstanceAsync("Program", program, new StartOrchestrationOptions(id), Token);
                foreach (var pause in pauses)
                {
                    await Task.Delay(pause, Token);
                    await CrashAndStartAsync();
                }

                foreach (var id in ids)
                    Assert.Equal((id, program.Aggregate(1, Expected)), (id, (await EndOf(id)).ReadOutputAs<int>()));
            },
            iter: 6,
            threads: 1);
    }

    private static async Task<int> StepAsync(TaskOrchestrationContext context, int step, int value)
    {
        switch (step)
        {
            case 0:
                return await context.CallActivityAsync<int>("Add", value);
            case 1:
                return (await Task.WhenAll(Enumerable.Range(0, 5).Select(i => context.CallActivityAsync<int>("Add", value + i)))).Sum() % 1000;
            case 2:
                await context.CreateTimer(TimeSpan.FromMilliseconds(5), CancellationToken.None);
                return value + 2;
            case 3:
                return await context.CallSubOrchestratorAsync<int>("Child", value);
            case 4:
                context.SendEvent(context.InstanceId, "e", value * 3);
                return await context.WaitForExternalEvent<int>("e") % 1000;
            default:
                try
                {
                    return await context.CallActivityAsync<int>(
                        "Fails", value, TaskOptions.FromRetryPolicy(new(2, TimeSpan.FromMilliseconds(5))));
                }
                catch (TaskFailedException failed)
                {
                    return int.Parse(failed.FailureDetails.ErrorMessage, System.Globalization.CultureInfo.InvariantCulture) + 10;
                }
        }
    }

    private static int Expected(int value, int step) => step switch
    {
        0 => value + 1,
        1 => ((5 * value) + 15) % 1000,
        2 => value + 2,
        3 => (value % 2 == 0 ? value : value + 1) + 1,
        4 => value * 3 % 1000,
        _ => value + 10,
    };
}
