using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Policies.Decoding;

/// <summary>A decoding step in TorchScript: all of a token's operations in one native call, where each from .NET costs a GPU more time to start than to compute.</summary>
/// <remarks>
/// Compiled once in a process. It is interpreted as it is written: an optimised graph would compute the first steps of a process by other kernels than the later ones,
/// and results must not depend on what a worker did before. B rows, P prompts, G rows of a prompt, K key-value heads, H query heads of each, D head size, S slots.
/// </remarks>
internal static class DecoderScript
{
    // The 6 is float32: numbers of low precision are squared and rotated in it, as the models were trained. The 20 are the tensors that DecoderWeights has of a layer.
    private const string Source =
        """
        def normalized(x: Tensor, weight: Tensor, eps: float) -> Tensor:
            wide = x.to(6)
            normal = (wide * torch.rsqrt(torch.mean(torch.square(wide), [-1], True) + eps)).to(x.dtype)
            if weight.numel() > 0:
                normal = normal * weight
            return normal

        def product(x: Tensor, weights: List[Tensor], at: int) -> Tensor:
            if weights[at + 1].numel() > 0:
                y = torch.linear(x, weights[at], weights[at + 1])
            else:
                y = torch.linear(x, weights[at])
            if weights[at + 2].numel() > 0:
                y = y + torch.linear(torch.linear(x, weights[at + 2]), weights[at + 3])
            return y

        def rotated(xBHD: Tensor, rotary: Tensor) -> Tensor:
            b, h, d = xBHD.size(0), xBHD.size(1), xBHD.size(2)
            pairs = torch.view_as_complex(xBHD.to(6).reshape([b, h, d // 2, 2]))
            return torch.view_as_real(pairs * rotary).reshape([b, h, d]).to(xBHD.dtype)

        # Rows side by side with the others of their prompt, [P, K, G x H, n]; a place that no row has is filled with one of another.
        def by_prompt(x: Tensor, prompts: int, rowOfPlace: Tensor) -> Tensor:
            if rowOfPlace.numel() > 0:
                x = x.index_select(0, rowOfPlace)
            g, k, h, n = x.size(0) // prompts, x.size(1), x.size(2), x.size(3)
            return x.view([prompts, g, k, h, n]).transpose(1, 2).reshape([prompts, k, g * h, n])

        def by_row(y: Tensor, heads: int, placeOfRow: Tensor) -> Tensor:
            p, k, n = y.size(0), y.size(1), y.size(3)
            g = y.size(2) // heads
            x = y.view([p, k, g, heads, n]).transpose(1, 2).reshape([p * g, k, heads, n])
            if placeOfRow.numel() > 0:
                x = x.index_select(0, placeOfRow)
            return x

        # The prompt's keys and values are read once for all of its rows.
        def attended(q: Tensor, keys: Tensor, values: Tensor, promptKeys: Tensor, promptValues: Tensor, mask: Tensor, rowOfPlace: Tensor, placeOfRow: Tensor) -> Tensor:
            p, t, s, h = promptKeys.size(0), promptKeys.size(2), keys.size(2), q.size(2)
            read = torch.matmul(by_prompt(q, p, rowOfPlace), promptKeys.transpose(2, 3))
            if mask.numel() > 0:
                read = read + mask
            written = torch.matmul(q, keys.transpose(2, 3))
            shares = torch.softmax(torch.cat([by_row(read, h, placeOfRow), written], -1), -1)
            ofPrompt = torch.matmul(by_prompt(shares.narrow(-1, 0, t), p, rowOfPlace), promptValues)
            return by_row(ofPrompt, h, placeOfRow) + torch.matmul(shares.narrow(-1, t, s), values)

        def step(tokensB: Tensor, rotary: Tensor, weights: List[Tensor], ends: List[Tensor], keys: List[Tensor], values: List[Tensor],
                 promptKeys: List[Tensor], promptValues: List[Tensor], mask: Tensor, rowOfPlace: Tensor, placeOfRow: Tensor,
                 slot: int, kvHeads: int, size: int, eps: float) -> Tensor:
            x = ends[0].index_select(0, tokensB)
            b = x.size(0)
            for layer in range(len(keys)):
                w = layer * 20
                qkv = product(normalized(x, weights[w], eps), weights, w + 4).view([b, -1, size])
                heads = qkv.size(1) - 2 * kvHeads
                q, k, v = qkv.narrow(1, 0, heads), qkv.narrow(1, heads, kvHeads), qkv.narrow(1, heads + kvHeads, kvHeads)
                if weights[w + 2].numel() > 0:
                    q = normalized(q, weights[w + 2], eps)
                    k = normalized(k, weights[w + 3], eps)
                qk = rotated(torch.cat([q, k], 1), rotary)
                keys[layer].narrow(2, slot, 1).copy_(qk.narrow(1, heads, kvHeads).unsqueeze(2))
                values[layer].narrow(2, slot, 1).copy_(v.unsqueeze(2))
                scaled = (qk.narrow(1, 0, heads) * (float(size) ** -0.5)).view([b, kvHeads, heads // kvHeads, size])
                found = attended(scaled, keys[layer].narrow(2, 0, slot + 1), values[layer].narrow(2, 0, slot + 1),
                                 promptKeys[layer], promptValues[layer], mask, rowOfPlace, placeOfRow)
                x = x + product(found.reshape([b, heads * size]), weights, w + 8)
                both = product(normalized(x, weights[w + 1], eps), weights, w + 12)
                f = both.size(1) // 2
                x = x + product(torch.silu(both.narrow(1, 0, f)) * both.narrow(1, f, f), weights, w + 16)
            logitsBV = torch.linear(normalized(x, ends[1], eps), ends[2])
            if ends[3].numel() > 0:
                logitsBV.index_fill_(-1, ends[3], -1e18)
            return logitsBV

        """;

    private static readonly Lazy<jit.CompilationUnit> Unit = new(() => jit.compile(Source));

    /// <summary>Calls <c>step</c>.</summary>
    public static Tensor Step(object[] arguments)
    {
        // Of this thread; under Windows the name is another, and on a CPU nothing is fused in any case.
        if (!OperatingSystem.IsWindows())
            SetOptimize(false);
        return Unit.Value.invoke<Tensor>("step", arguments);
    }

    // torch::jit::setGraphExecutorOptimize(bool), by the name that GCC and Clang give it.
    [DllImport("torch_cpu", EntryPoint = "_ZN5torch3jit24setGraphExecutorOptimizeEb")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern void SetOptimize([MarshalAs(UnmanagedType.I1)] bool on);
}
