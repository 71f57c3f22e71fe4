using System.CommandLine;
using Cli.Hosts;

namespace Cli.Commands;

/// <summary><c>model</c>: the worker's commands on models, in a worker process of their own.</summary>
internal static class ModelCommand
{
    public static Command Of(Session session) => new CliCommand(
        "model", "Import, export and size models (docs/MODELS.md). The storage is that of DataStorage, else of the host of this checkout, else this checkout's own.",
        "model import --from ~/models/qwen2.5-0.5b --to qwen2.5-0.5b", "model estimate --from ~/models/qwen2.5-0.5b --rank 16")
    {
        Import(session), Export(session), Estimate(session),
    };

    private static CliCommand Import(Session session)
    {
        Option<string> from = new("--from") { Description = "The model's folder.", Required = true, HelpName = "folder" };
        Option<string> to = new("--to") { Description = "The name that plans use.", Required = true, HelpName = "name" };
        CliCommand command = new("import", "Check a Hugging Face model folder and upload it.", "model import --from ~/models/qwen2.5-0.5b --to qwen2.5-0.5b");
        return Passing(session, command, needsStorage: true, from, to);
    }

    private static CliCommand Export(Session session)
    {
        Option<string> state = new("--state") { Description = "The state: CONTAINER/FOLDER, such as runs/RUN/base.", Required = true, HelpName = "state" };
        Option<string> to = new("--to") { Description = "The folder to write.", Required = true, HelpName = "folder" };
        Option<string> merge = new("--merge") { Description = "Whether an adapter is merged into its base. Default: false.", HelpName = "true|false" };
        Option<string> type = new("--dtype") { Description = "The precision that is written. Default: that of the state.", HelpName = "F32|BF16|F16" };
        Option<string> model = new("--base") { Description = "The adapter's base_model_name_or_path. Default: the model that the plan names.", HelpName = "model" };
        CliCommand command = new(
            "export", "Write a state of a run as a Hugging Face model folder, or its adapter as PEFT's.", "model export --state runs/quick-1a2b3c-1/checkpoints/rlvr/1/0/0/40 --to exported");
        return Passing(session, command, needsStorage: true, state, to, merge, type, model);
    }

    private static CliCommand Estimate(Session session)
    {
        Option<string> from = new("--from") { Description = "The model's folder.", Required = true, HelpName = "folder" };
        Option<string> rank = new("--rank") { Description = "The rank of a LoRA adapter. Default: the whole model is trained.", HelpName = "number" };
        Option<string> precision = new("--precision") { Description = "Default: float32.", HelpName = "float32|bfloat16" };
        Option<string> tokens = new("--tokens") { Description = "Tokens of a micro-batch.", HelpName = "number" };
        Option<string> recompute = new("--recompute") { Description = "Whether activations are recomputed. Default: false.", HelpName = "true|false" };
        CliCommand command = new("estimate", "Estimate the memory of an update, without loading the model.", "model estimate --from ~/models/qwen2.5-0.5b --precision bfloat16 --rank 16");
        return Passing(session, command, needsStorage: false, from, rank, precision, tokens, recompute);
    }

    private static CliCommand Passing(Session session, CliCommand command, bool needsStorage, params Option<string>[] options)
    {
        var worker = new WorkerStart();
        foreach (var option in options)
            command.Options.Add(option);
        worker.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var hosting = await worker.BuildAsync(session, parsed, session.Screen(parsed), cancellationToken);
            string[] arguments = [command.Name, .. options.SelectMany(option => parsed.GetValue(option) is { } value ? (string[])[option.Name, value] : [])];
            Task<int> StartAsync(string? storage) => worker.StartAsync(session, parsed, arguments, storage, input: null, cancellationToken);
            if (!needsStorage || Environment.GetEnvironmentVariable("DataStorage") is { Length: > 0 })
                return await StartAsync(null);
            return (await HostAddress.OfCheckoutAsync(session.Checkout.Data, cancellationToken))?.StorageConnection is { } running
                ? await StartAsync(running)
                : await hosting.WithStorageAsync(StartAsync, cancellationToken);
        });
        return command;
    }
}
