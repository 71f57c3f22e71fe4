using System.Runtime.InteropServices;

namespace GpuWorker.Execution;

/// <summary>Asks libtorch for CUDA kernels that give the same bits every time; an operation without one fails by name.</summary>
/// <remarks>
/// TorchSharp declares <c>use_deterministic_algorithms</c> and does not implement it, so libtorch's own function is called. cuBLAS repeats its results only with
/// workspaces of a fixed size, which it reads from the process's environment when it starts: call this before the first operation on a device. On Linux, where workers with a GPU run.
/// </remarks>
internal static class DeterministicAlgorithms
{
    private const string WorkspaceVariable = "CUBLAS_WORKSPACE_CONFIG";

    /// <summary>Two workspaces of 4 MiB: cuBLAS's documentation, Results reproducibility.</summary>
    private const string Workspaces = ":4096:2";

    /// <summary>Turns them on for this process.</summary>
    public static void Request()
    {
        // .NET keeps an environment of its own, which native code does not see.
        if (SetEnvironment(WorkspaceVariable, Workspaces, 1) != 0)
            throw new InvalidOperationException($"Expected to set {WorkspaceVariable}, found error {Marshal.GetLastPInvokeError()}.");
        SetDeterministic(GlobalContext(), enabled: true, warnOnly: false);

        // Deterministic mode also fills each new tensor, for programs that read uninitialised memory.
        SetFillOfNewTensors(GlobalContext(), enabled: false);
    }

    [DllImport("libc", EntryPoint = "setenv", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironment(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);

    // at::globalContext() and two setters of at::Context, by the names that GCC and Clang give them.
    [DllImport("torch_cpu", EntryPoint = "_ZN2at13globalContextEv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern nint GlobalContext();

    [DllImport("torch_cpu", EntryPoint = "_ZN2at7Context26setDeterministicAlgorithmsEbb")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern void SetDeterministic(nint context, [MarshalAs(UnmanagedType.I1)] bool enabled, [MarshalAs(UnmanagedType.I1)] bool warnOnly);

    [DllImport("torch_cpu", EntryPoint = "_ZN2at7Context39setDeterministicFillUninitializedMemoryEb")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern void SetFillOfNewTensors(nint context, [MarshalAs(UnmanagedType.I1)] bool enabled);
}
