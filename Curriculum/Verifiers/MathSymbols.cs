using System.Collections.Frozen;

namespace Curriculum.Verifiers;

/// <summary>The commands and signs that are read, by what they are read as.</summary>
internal static class MathSymbols
{
    public static readonly FrozenSet<string> Skipped = FrozenSet.Create(
        StringComparer.Ordinal, "left", "right", "big", "Big", "bigl", "bigr", "Bigl", "Bigr", "displaystyle", "textstyle", "limits", "rm", "bf", "it");

    public static readonly FrozenSet<string> TextCommands = FrozenSet.Create(
        StringComparer.Ordinal, "text", "textbf", "textit", "textrm", "textsc", "textnormal", "mathrm", "mathbf", "mathit", "mathsf", "mbox", "hbox", "operatorname");

    public static readonly FrozenSet<string> Functions = FrozenSet.Create(
        StringComparer.Ordinal, "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "log", "ln", "lg", "exp", "sqrt");

    public static readonly FrozenSet<string> Accents = FrozenSet.Create(
        StringComparer.Ordinal, "overline", "bar", "vec", "hat", "tilde", "widehat", "overrightarrow", "underline");

    public static readonly FrozenSet<string> Nothing = FrozenSet.Create(StringComparer.Ordinal, "emptyset", "varnothing", "oslash");

    public static readonly FrozenSet<string> Greek = FrozenSet.Create(
        StringComparer.Ordinal, "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "vartheta", "kappa", "lambda", "mu", "nu", "xi", "pi",
        "rho", "sigma", "tau", "phi", "varphi", "chi", "psi", "omega", "ell", "Gamma", "Delta", "Theta", "Lambda", "Pi", "Sigma", "Phi", "Psi", "Omega");

    public static readonly FrozenDictionary<string, string> Signs = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["cdot"] = "*",
        ["times"] = "*",
        ["ast"] = "*",
        ["div"] = "/",
        ["pm"] = "±",
        ["le"] = "≤",
        ["leq"] = "≤",
        ["leqslant"] = "≤",
        ["ge"] = "≥",
        ["geq"] = "≥",
        ["geqslant"] = "≥",
        ["lt"] = "<",
        ["gt"] = ">",
        ["ne"] = "≠",
        ["neq"] = "≠",
        ["circ"] = "∘",
        ["degree"] = "°",
        ["cup"] = "∪",
        ["setminus"] = "∖",
        ["smallsetminus"] = "∖",
        ["in"] = "∈",
        ["mid"] = "∣",
        ["lfloor"] = "⌊",
        ["rfloor"] = "⌋",
        ["lceil"] = "⌈",
        ["rceil"] = "⌉",
        ["langle"] = "⟨",
        ["rangle"] = "⟩",
        ["over"] = MathLexer.Over,
        ["choose"] = MathLexer.Choose,
        ["approx"] = "≈",
        ["prime"] = "'",
        ["euro"] = "€",
        ["texteuro"] = "€",
        ["pounds"] = "£",
        ["textsterling"] = "£",
        ["yen"] = "¥",
        ["textyen"] = "¥",
        ["lvert"] = "|",
        ["rvert"] = "|",
        ["vert"] = "|",
        ["lbrace"] = "\\{",
        ["rbrace"] = "\\}",
        ["lbrack"] = "[",
        ["rbrack"] = "]",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static readonly FrozenDictionary<char, string> Unicode = new Dictionary<char, string>
    {
        ['−'] = "-",
        ['–'] = "-",
        ['×'] = "*",
        ['·'] = "*",
        ['⋅'] = "*",
        ['∙'] = "*",
        ['÷'] = "/",
        ['≤'] = "≤",
        ['≥'] = "≥",
        ['≠'] = "≠",
        ['±'] = "±",
        ['∪'] = "∪",
        ['∈'] = "∈",
        ['≈'] = "≈",
        ['∣'] = "∣",
        ['′'] = "'",
        ['’'] = "'",
        ['€'] = "€",
        ['£'] = "£",
        ['¥'] = "¥",
        ['₹'] = "₹",
        ['°'] = "°",
        ['％'] = "%",
        ['，'] = ",",
        ['（'] = "(",
        ['）'] = ")",
    }.ToFrozenDictionary();
}
