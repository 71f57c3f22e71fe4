using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

/// <summary>Loaded into the worker process by <c>DOTNET_STARTUP_HOOKS</c>: ends it once its standard input closes, as it does with the host, however that ends.</summary>
/// <remarks>The runtime wants this name, outside any namespace. Nothing else of this assembly is touched there.</remarks>
[SuppressMessage("Design", "CA1050:Declare types in namespaces", Justification = "The runtime looks for it there.")]
internal static class StartupHook
{
    [SuppressMessage("CodeQuality", "IDE0051:Remove unused private members", Justification = "The runtime calls it.")]
    public static void Initialize() => new Thread(() =>
    {
        var buffer = new byte[16];
        using var input = Console.OpenStandardInput();
        try
        {
            while (input.Read(buffer) > 0)
            {
            }
        }
        catch (IOException)
        {
            // A broken pipe ends input too.
        }

        Process.GetCurrentProcess().Kill();
    })
    {
        IsBackground = true,
        Name = "Standard input",
    }.Start();
}
