using Spectre.Console;
using Spectre.Console.Rendering;

namespace Cli.Terminal;

/// <summary>What the command writes: answers to standard output, faults to standard error; with JSON asked for, standard output has that alone.</summary>
internal sealed class Screen
{
    // Nothing is cut off or wrapped where a program or a file reads.
    private const int UnboundedWidth = 1000;

    private readonly TextWriter _output;
    private readonly IAnsiConsole _words;
    private readonly IAnsiConsole _faults;

    public Screen(TextWriter output, TextWriter error, bool json)
    {
        (_output, IsJson) = (output, json);
        _faults = Console(error, System.Console.IsErrorRedirected);
        _words = json ? _faults : Console(output, System.Console.IsOutputRedirected);
        IsLive = !json && _words.Profile.Capabilities.Interactive && !System.Console.IsOutputRedirected;
        if (!IsLive)
            _words.Profile.Width = UnboundedWidth;
    }

    /// <summary>Whether standard output is to have JSON and nothing else.</summary>
    public bool IsJson { get; }

    /// <summary>Whether what was written can be written over.</summary>
    public bool IsLive { get; }

    /// <summary>Whether a person can be asked.</summary>
    public bool CanAsk => !System.Console.IsInputRedirected && _faults.Profile.Capabilities.Interactive;

    /// <summary>The terminal that a live display is drawn on.</summary>
    public IAnsiConsole Console() => _words;

    /// <summary>A line of plain text.</summary>
    public void Say(string text) => _words.MarkupLine(SafeMarkup.Of(text));

    /// <summary>A line in Spectre's markup, whose foreign parts went through <see cref="SafeMarkup"/>.</summary>
    public void Show(string markup) => _words.MarkupLine(markup);

    public void Show(IRenderable part) => _words.Write(part);

    /// <summary>A line that a person should not miss.</summary>
    public void Warn(string text) => _words.MarkupLine($"[yellow]{SafeMarkup.Of(text)}[/]");

    /// <summary>A fault, to standard error.</summary>
    public void Fail(string text) => _faults.MarkupLine($"[red]{SafeMarkup.Of(text)}[/]");

    /// <summary>A hint or notice beside a fault, to standard error.</summary>
    public void Note(string text) => _faults.MarkupLine(SafeMarkup.Of(text));

    /// <summary>The answer as JSON, or as text that a program reads: nothing is added to it.</summary>
    public void Answer(string text) => _output.WriteLine(text);

    /// <summary>Does something that takes a while, with a line that says what.</summary>
    public async Task StepAsync(string what, Func<Task> step)
    {
        if (IsLive)
        {
            await _words.Status().StartAsync($"{SafeMarkup.Of(what)} ...", _ => step());
        }
        else
        {
            Say($"{what} ...");
            await step();
        }
    }

    /// <summary>Asks for one of several values, or for any text where there are none to choose from.</summary>
    public async Task<string> AskAsync(string question, string standard, IReadOnlyList<string> choices, CancellationToken cancellationToken)
    {
        var prompt = new TextPrompt<string>(SafeMarkup.Of(question)).DefaultValue(standard);
        if (choices.Count > 0)
            prompt.AddChoices(choices);
        return await _faults.PromptAsync(prompt, cancellationToken);
    }

    /// <summary>Asks for a secret, which is not shown.</summary>
    public async Task<string> AskSecretAsync(string question, CancellationToken cancellationToken)
    {
        // The first look at the keyboard turns the terminal's own echo off: it must not come after who answers at once.
        _ = System.Console.KeyAvailable;
        return await _faults.PromptAsync(new TextPrompt<string>(SafeMarkup.Of(question)).Secret(), cancellationToken);
    }

    /// <summary>Asks whether to go on with what cannot be taken back.</summary>
    public async Task<bool> ConfirmAsync(string question, CancellationToken cancellationToken) =>
        await _faults.PromptAsync(new ConfirmationPrompt(SafeMarkup.Of(question)) { DefaultValue = false }, cancellationToken);

    private static IAnsiConsole Console(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(writer) });
        if (redirected)
            console.Profile.Width = UnboundedWidth;
        return console;
    }
}
