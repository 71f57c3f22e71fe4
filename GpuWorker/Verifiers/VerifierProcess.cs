using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace GpuWorker.Verifiers;

/// <summary>Runs a registered verifier on one completion, in a process that ends with the call.</summary>
/// <remarks>
/// Standard input: one JSON line <c>{"problem", "reference", "completion"}</c>. Standard output: one JSON object <c>{"correct": bool}</c>, with
/// <c>wellFormed</c> and <c>stepsValid</c> where it knows them. Exit code 0. Anything else is an outcome with a label and no credit.
/// </remarks>
internal static class VerifierProcess
{
    private const int MaxOutput = 64 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.25);

    /// <summary>Runs it until it exits or reaches the wall-clock limit.</summary>
    /// <param name="waiting">Called repeatedly until then: waiting for something that is sure to end counts as progress.</param>
    public static VerifierResult Run(VerifierOptions options, string problem, string reference, string completion, Action waiting)
    {
        var folder = Directory.CreateTempSubdirectory("verifier-");
        try
        {
            return Run(options, folder.FullName, Input(problem, reference, completion), waiting);
        }
        finally
        {
            Remove(folder);
        }
    }

    private static VerifierResult Run(VerifierOptions options, string folder, byte[] input, Action waiting)
    {
        if (!File.Exists(options.Executable))
            return new(VerifierOutcome.NotStarted, Detail: $"There is no file {options.Executable}.");
        Process child;
        try
        {
            child = Process.Start(VerifierSandbox.Here.Start(options, folder))!;
        }
        catch (Exception error) when (error is Win32Exception or FileNotFoundException)
        {
            return new(VerifierOutcome.NotStarted, Detail: error.Message);
        }

        using (child)
        {
            // Nobody waits for these: killing the child closes the pipes.
            var writing = Task.Run(() => Write(child, input));
            var reading = Task.Run(() => Read(child.StandardOutput.BaseStream));
            var errors = Task.Run(() => Read(child.StandardError.BaseStream));
            var limit = TimeSpan.FromSeconds(options.WallSeconds);
            var watch = Stopwatch.StartNew();
            bool ended;
            try
            {
                // A grandchild that holds the pipe open counts against the wall limit too.
                ended = Wait(child.WaitForExit, limit, waiting) && Wait(reading.Wait, limit - watch.Elapsed is var left && left > Pause ? left : Pause, waiting);
            }
            finally
            {
                // Whoever is told of the waiting may end it.
                VerifierSandbox.Here.Kill(child);
            }

            if (!ended)
                return new(VerifierOutcome.TimedOut, Detail: FormattableString.Invariant($"No verdict within {options.WallSeconds} s."));
            _ = writing;
            var said = errors.Wait(TimeSpan.FromSeconds(1)) ? Encoding.UTF8.GetString(errors.Result ?? []) : "";
            return Judge(child.ExitCode, reading.Result, said.Length <= 300 ? said : said[..300]);
        }
    }

    private static bool Wait(Func<TimeSpan, bool> ends, TimeSpan limit, Action waiting)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var left = limit - watch.Elapsed;
            if (left <= Pause)
                return ends(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            if (ends(Pause))
                return true;
            waiting();
        }
    }

    private static VerifierResult Judge(int exitCode, byte[]? output, string said)
    {
        // SIGXCPU, as a shell reports it.
        if (exitCode is 128 + 24)
            return new(VerifierOutcome.OutOfCpu, Detail: said);
        if (exitCode != 0)
            return new(VerifierOutcome.Crashed, Detail: FormattableString.Invariant($"Exit code {exitCode}. {said}"));
        if (output is null)
            return new(VerifierOutcome.BadOutput, Detail: $"More than {MaxOutput} bytes of output.");
        try
        {
            using var document = JsonDocument.Parse(output);
            var root = document.RootElement;
            var correct = root.GetProperty("correct").GetBoolean();
            return new(
                VerifierOutcome.Verdict, correct,
                correct || !root.TryGetProperty("wellFormed", out var formed) || formed.GetBoolean(),
                correct && root.TryGetProperty("stepsValid", out var steps) && steps.GetBoolean());
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return new(VerifierOutcome.BadOutput, Detail: $"Expected {{\"correct\": true or false}}: {error.Message}");
        }
    }

    private static byte[] Input(string problem, string reference, string completion)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("problem", problem);
            json.WriteString("reference", reference);
            json.WriteString("completion", completion);
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    private static void Write(Process child, byte[] input)
    {
        try
        {
            child.StandardInput.BaseStream.Write(input);
            child.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading all of it, as it may.
        }
    }

    /// <summary>Reads to the end; null where there is more than a verdict can be.</summary>
    private static byte[]? Read(Stream stream)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[4096];
        var all = 0L;
        try
        {
            for (int count; (count = stream.Read(buffer)) > 0; all += count)
            {
                if (all + count <= MaxOutput)
                    kept.Write(buffer, 0, count);
            }
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
        }

        return all <= MaxOutput ? kept.ToArray() : null;
    }

    private static void Remove(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
        {
            // A process that is just ending may still write there; the folder for temporary files is the worker's own.
        }
    }
}

/// <summary>The outcome of a verifier's run.</summary>
internal sealed record VerifierResult(VerifierOutcome Outcome, bool Correct = false, bool WellFormed = false, bool StepsValid = false, string Detail = "");

/// <summary>The labels of a verifier's run.</summary>
internal enum VerifierOutcome
{
    /// <summary>It said correct or not.</summary>
    Verdict,

    /// <summary>The wall limit ended it.</summary>
    TimedOut,

    /// <summary>The processor limit ended it.</summary>
    OutOfCpu,

    /// <summary>It ended with another exit code than 0, out of memory included.</summary>
    Crashed,

    /// <summary>What it wrote is no verdict.</summary>
    BadOutput,

    /// <summary>The operator's program cannot be started: the work item fails.</summary>
    NotStarted,
}
