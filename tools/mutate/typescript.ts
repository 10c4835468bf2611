import { type BinaryExpression, type Node, SyntaxKind } from "typescript/unstable/ast";
import {
  isBinaryExpression,
  isCallExpression,
  isConditionalExpression,
  isExpressionStatement,
  isIdentifier,
  isIfStatement,
  isImportDeclaration,
  isNumericLiteral,
  isPrefixUnaryExpression,
  isPropertyAccessExpression,
  isTypeNode,
} from "typescript/unstable/ast/is";
import { API, type Project } from "typescript/unstable/sync";
import type { Change, Place } from "./place.ts";

const OPPOSITES: ReadonlyMap<SyntaxKind, readonly string[]> = new Map([
  [SyntaxKind.LessThanToken, ["<=", ">="]],
  [SyntaxKind.LessThanEqualsToken, ["<", ">"]],
  [SyntaxKind.GreaterThanToken, [">=", "<="]],
  [SyntaxKind.GreaterThanEqualsToken, [">", "<"]],
  [SyntaxKind.EqualsEqualsEqualsToken, ["!=="]],
  [SyntaxKind.ExclamationEqualsEqualsToken, ["==="]],
  [SyntaxKind.AmpersandAmpersandToken, ["||"]],
  [SyntaxKind.BarBarToken, ["&&"]],
  [SyntaxKind.PlusToken, ["-"]],
  [SyntaxKind.MinusToken, ["+"]],
  [SyntaxKind.AsteriskToken, ["/"]],
  [SyntaxKind.SlashToken, ["*"]],
  [SyntaxKind.PercentToken, ["*"]],
]);
const OTHER_METHODS: ReadonlyMap<string, string> = new Map([
  ["min", "max"],
  ["max", "min"],
  ["floor", "ceil"],
  ["ceil", "floor"],
  ["some", "every"],
  ["every", "some"],
  ["find", "findLast"],
  ["findLast", "find"],
]);
/** Log calls are not mutated: what is only logged changes nothing for anyone. */
const LOGGING = /^(await )?([\w.]+\.)?log\./;

/** The places at which TypeScript code can be mutated, by the syntax tree of the compiler that checks it. */
export function placesInTypeScript(files: readonly string[], project: string): Place[] {
  const api = new API({ cwd: project });
  try {
    const snapshot = api.updateSnapshot({ openProject: `${project}/tsconfig.json` });
    return files.flatMap((file) => {
      const path = `${project}/${file}`;
      const { program, checker } = snapshot.getDefaultProjectForFile(path) ?? {};
      const source = program?.getSourceFile(path);
      if (!source || !checker) throw new RangeError(`${file} is not in tsconfig.json.`);
      const isSameType = (one: Node, other: Node) =>
        typeOf(one, checker) === typeOf(other, checker);
      const code = { text: source.text, isSameType };
      return placesUnder(source, code).map((changes) => ({ file, changes }));
    });
  } finally {
    api.close();
  }
}

/** A file's text, and the compiler's view of it. */
interface Code {
  readonly text: string;
  readonly isSameType: (one: Node, other: Node) => boolean;
}

function typeOf(node: Node, checker: Project["checker"]): string | undefined {
  const type = checker.getTypeAtLocation(node);
  return type && checker.typeToString(type);
}

function placesUnder(node: Node, code: Code): Change[][] {
  if (isTypeNode(node) || isImportDeclaration(node)) return [];
  if (isDefaultNumber(node)) return placesUnder(node.left, code);
  if (node.kind === SyntaxKind.ExportDeclaration) return [];
  if (isExpressionStatement(node) && LOGGING.test(textOf(node, code))) return [];
  const here = changesOf(node, code);
  const places = here.length > 0 ? [here] : [];
  node.forEachChild((child) => {
    places.push(...placesUnder(child, code));
  });
  return places;
}

/** A number behind `??` is mostly a default that only the compiler needs. */
function isDefaultNumber(node: Node): node is BinaryExpression {
  return (
    isBinaryExpression(node) &&
    node.operatorToken.kind === SyntaxKind.QuestionQuestionToken &&
    isNumericLiteral(node.right)
  );
}

function changesOf(node: Node, code: Code): Change[] {
  if (isBinaryExpression(node)) {
    const { left, operatorToken, right } = node;
    const texts = OPPOSITES.get(operatorToken.kind) ?? [];
    if ([left, right].some(isText)) return [];
    return texts.map((text) => replace(operatorToken, code, text));
  }
  if (isNumericLiteral(node)) return constants(node, code);
  if (node.kind === SyntaxKind.TrueKeyword) return [replace(node, code, "false")];
  if (node.kind === SyntaxKind.FalseKeyword) return [replace(node, code, "true")];
  if (isPrefixUnaryExpression(node) && node.operator === SyntaxKind.ExclamationToken) {
    return [replace(node, code, textOf(node.operand, code))];
  }
  if (isIfStatement(node)) return conditions(node.expression, code);
  if (isConditionalExpression(node)) {
    const { condition, whenTrue, whenFalse } = node;
    const both = [whenFalse, whenTrue].map((branch) => textOf(branch, code));
    const swapped = both.join(" : ");
    const branches = { start: startOf(whenTrue, code), end: whenFalse.end, text: swapped };
    return [...conditions(condition, code), branches];
  }
  if (isExpressionStatement(node)) {
    const isEffect = /^(await )?[\w.#?]+\(/.test(textOf(node, code));
    return isEffect ? [replace(node, code, ";")] : [];
  }
  return isCallExpression(node) ? calls(node, code) : [];
}

function calls(node: Parameters<typeof isCallExpression>[0], code: Code): Change[] {
  if (!isCallExpression(node)) return [];
  const { expression, arguments: given } = node;
  const changes: Change[] = [];
  const [first, second] = given;
  const isPlain = (each: Node) => isIdentifier(each) || isPropertyAccessExpression(each);
  // The compiler detects all others.
  const isSwap = first && second && isPlain(first) && isPlain(second);
  if (isSwap && code.isSameType(first, second)) {
    const text = `${textOf(second, code)}, ${textOf(first, code)}`;
    changes.push({ start: startOf(first, code), end: second.end, text });
  }
  if (isPropertyAccessExpression(expression)) {
    const other = OTHER_METHODS.get(expression.name.text);
    if (other) changes.push(replace(expression.name, code, other));
  }
  return changes;
}

function conditions(condition: Node, code: Code): Change[] {
  return ["true", "false"].map((text) => replace(condition, code, text));
}

function constants(node: Node, code: Code): Change[] {
  const value = Number(textOf(node, code).replaceAll("_", ""));
  return [value + 1, value - 1]
    .filter((each) => Number.isSafeInteger(each))
    .map((each) => replace(node, code, String(each)));
}

/** Concatenating strings is not arithmetic. */
function isText(node: Node): boolean {
  return (
    node.kind === SyntaxKind.StringLiteral ||
    node.kind === SyntaxKind.TemplateExpression ||
    node.kind === SyntaxKind.NoSubstitutionTemplateLiteral
  );
}

function replace(node: Node, code: Code, text: string): Change {
  return { start: startOf(node, code), end: node.end, text };
}

function textOf(node: Node, code: Code): string {
  return code.text.slice(startOf(node, code), node.end);
}

/** Where a node starts, after blanks and comments. */
function startOf(node: Node, code: Code): number {
  const leading = /^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*/.exec(
    code.text.slice(node.pos, node.end),
  );
  return node.pos + (leading?.[0].length ?? 0);
}
