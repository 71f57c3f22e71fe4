using System.Diagnostics;
using System.Globalization;
using Curriculum.Work;

namespace GpuWorker.Tests.Worker;

/// <summary>The real process, started as a container or a developer starts it.</summary>
[Trait("Speed", "slow")]
public class ProcessTests(AzuriteFixture azurite) : WorkerTest(azurite)
{
    [Fact]
    public async Task Bad_settings_are_told_and_end_the_process_before_it_begins()
    {
        using var process = Start(("Worker__Visibility", "30"), ("Compute__Device", "abacus"));
        var (code, said) = await EndAsync(process);

        Assert.Equal(2, code);
        Assert.Contains("Worker:Visibility is unknown; the known settings are Name, VisibilitySeconds,", said, StringComparison.Ordinal);
        Assert.Contains("Compute:Device must be cpu, cuda or cuda: and an index, found 'abacus'.", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_is_no_connection_string_ends_the_process_with_a_sentence()
    {
        using var process = Start(("DataStorage", "somewhere"));
        var (code, said) = await EndAsync(process);

        Assert.Equal(2, code);
        Assert.StartsWith("DataStorage is not a connection string: ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cuda_wanted_and_absent_ends_the_process_at_once_with_what_it_found()
    {
        Assert.SkipWhen(TorchSharp.torch.cuda.is_available(), "This machine has CUDA.");
        using var process = Start(("Compute__Device", "cuda:1"));
        var (code, said) = await EndAsync(process);

        Assert.Equal(1, code);
        Assert.Contains("The worker cannot compute on Compute:Device = cuda:1: Expected a CUDA device for 'cuda:1', found none", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_ends_the_process_in_order(string signal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Signals are sent with kill.");
        using var process = Start();
        await StartedAsync(process);
        using var kill = Process.Start("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        var (code, said) = await EndAsync(process);

        Assert.Equal(0, code);
        Assert.Contains("stopped", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signal_within_an_item_gives_it_back_before_the_process_ends()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Signals are sent with kill.");
        var message = await DispatchAsync(new PretrainItem
        {
            Id = Id(WorkKind.Pretrain),
            Plan = new() { Updates = 100_000, Rows = 4 },
            OutputFolder = StorageNames.State(StageKey.Parse($"{Run}/base/1/0/0"), 0),
        });
        using var process = Start(("Worker__ClaimSeconds", "0"), ("Worker__VisibilitySeconds", "600"));
        await EventuallyAsync(
            async () => await ClaimExistsAsync(message.Id) && (await ClaimAsync(message.Id)).Progress > 0, "progress in the claim");

        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        var (code, said) = await EndAsync(process);

        Assert.Equal(0, code);
        Assert.Contains("abandoned", said, StringComparison.Ordinal);
        Assert.True((await ClaimAsync(message.Id)).Released);
        // Hidden for ten minutes, it shows at once.
        Assert.Single((await WorkQueue.PeekMessagesAsync(1, Token)).Value);
        Assert.False(await Blob(StorageNames.WorkContainer, StorageNames.Result(message.Id)).ExistsAsync(Token));
    }

    [Fact]
    public async Task A_signal_within_a_computation_that_does_not_yield_ends_the_process_within_ten_seconds()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Signals are sent with kill.");
        var message = await DispatchAsync(new PretrainItem
        {
            Id = Id(WorkKind.Pretrain),
            // One step of minutes: there is no mark in it.
            Plan = new() { Updates = 1, Rows = 200_000 },
            OutputFolder = StorageNames.State(StageKey.Parse($"{Run}/base/1/0/0"), 0),
        });
        using var process = Start(("Worker__VisibilitySeconds", "600"));
        await EventuallyAsync(() => ClaimExistsAsync(message.Id), "the worker's claim");
        // From the claim to the middle of the step nothing can be waited for: there is no mark in it.
        await Task.Delay(TimeSpan.FromSeconds(1), Token);

        var stopping = Stopwatch.StartNew();
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        var (_, said) = await EndAsync(process);
        stopping.Stop();

        Assert.Contains("abandoned", said, StringComparison.Ordinal);
        // It waits for the computation first; what is above ten is the operating system's, on a machine with other tests to run.
        Assert.InRange(stopping.Elapsed.TotalSeconds, 7, 15);
        Assert.True((await ClaimAsync(message.Id)).Released);
        Assert.Single((await WorkQueue.PeekMessagesAsync(1, Token)).Value);
    }

    [Fact]
    public async Task An_idle_process_ends_where_it_is_told_to_and_its_first_line_says_what_it_is()
    {
        using var process = Start(("Worker__Name", "w7"), ("Worker__ExitWhenIdleSeconds", "0.1"));
        var first = await StartedAsync(process);

        Assert.Contains("worker w7: device cpu (1 thread, no CUDA device, ", first, StringComparison.Ordinal);
        Assert.Contains("storage account devstoreaccount1, queue work", first, StringComparison.Ordinal);
        Assert.Equal(0, (await EndAsync(process)).Code);
    }

    [Fact]
    public async Task A_process_that_is_killed_within_an_item_is_followed_by_one_that_ends_in_the_same_state()
    {
        PretrainItem Pretraining(int chunk) => new()
        {
            Id = Id(WorkKind.Pretrain, chunk),
            Plan = new() { Updates = 100, Rows = 4 },
            OutputFolder = StorageNames.State(StageKey.Parse($"{Run}/base/1/0/{chunk}"), 0),
        };
        var disturbed = await DispatchAsync(Pretraining(0));
        using (var killed = Start(("Worker__ClaimSeconds", "0"), ("Worker__VisibilitySeconds", "2"), ("Worker__Name", "killed")))
        {
            await EventuallyAsync(
                async () => await ClaimExistsAsync(disturbed.Id) && (await ClaimAsync(disturbed.Id)).Progress > 0, "progress in the claim");
            killed.Kill();
            await killed.WaitForExitAsync(Token);
        }

        Assert.False(await Blob(StorageNames.WorkContainer, StorageNames.Result(disturbed.Id)).ExistsAsync(Token));
        using var process = Start(("Worker__Name", "next"), ("Worker__ExitWhenInputCloses", "true"));
        var result = await ResultAsync(disturbed.Id);
        Assert.Equal("next", result.Timing.Worker);
        var quiet = await DispatchAsync(Pretraining(1));
        var states = new[] { result, await ResultAsync(quiet.Id) }.Select(each => Assert.IsType<UpdateOutput>(each.Output).State).ToList();
        Assert.Equal(states[1].Manifest, states[0].Manifest);

        var evaluation = await EvaluationAsync() with { Policy = states[0], Problems = [AnyProblem] };
        await DispatchAsync(evaluation);
        var evaluated = await ResultAsync(evaluation.Id);
        Assert.Null(evaluated.Failure);
        Assert.Single(Assert.IsType<EvaluateOutput>(evaluated.Output).Answers);

        // A parent that ends closes its child's input.
        process.StandardInput.Close();
        Assert.Equal(0, (await EndAsync(process)).Code);
    }

    /// <summary>From its own output folder: the tests' lacks what their shared framework brings.</summary>
    private static string Built()
    {
        var tests = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.GetFullPath(
            Path.Combine(tests.FullName, "../../../../../GpuWorker/bin", tests.Parent!.Name, tests.Name, "GpuWorker.dll"));
    }

    private Process Start(params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Built()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DataStorage"] = ConnectionString;
        start.Environment["OMP_NUM_THREADS"] = "1";
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException("The worker did not start.");
    }

    private static async Task<string> StartedAsync(Process process) =>
        await process.StandardOutput.ReadLineAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Token)
        ?? throw new InvalidOperationException($"The worker ended: {await process.StandardError.ReadToEndAsync(Token)}");

    private static async Task<(int Code, string Said)> EndAsync(Process process)
    {
        try
        {
            var said = Task.WhenAll(process.StandardError.ReadToEndAsync(Token), process.StandardOutput.ReadToEndAsync(Token));
            await process.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromSeconds(60), Token);
            return (process.ExitCode, string.Concat(await said));
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
