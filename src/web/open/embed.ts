/**
 * Puts a form into another website, in a frame as high as what it shows:
 * `<script src="https://crm.example.com/embed.js" data-form="main.contact-us" async></script>`.
 * `data-language="de"` has it speak German whatever the visitor's browser says.
 * Nothing is kept on that website; the form is told its address and referrer, and nothing else.
 */
function embed(script: HTMLScriptElement) {
  const form = script.dataset.form ?? '';
  const { origin } = new URL(script.src);
  const frame = document.createElement('iframe');
  const came = new URLSearchParams({ page: location.href, referrer: document.referrer });
  const { language } = script.dataset;
  const spoken = language ? `?language=${encodeURIComponent(language)}` : '';
  frame.src = `${origin}/f/${encodeURIComponent(form)}${spoken}#${came}`;
  frame.title = script.dataset.title ?? form;
  frame.style.cssText = 'display:block;inline-size:100%;block-size:480px;border:0';
  addEventListener('message', event => {
    if (event.source !== frame.contentWindow || event.origin !== origin) return;
    const { farley, height, address } = event.data as { farley?: string; height?: number; address?: string };
    if (farley === 'height' && typeof height === 'number') frame.style.blockSize = `${Math.ceil(height)}px`;
    if (farley === 'go' && typeof address === 'string' && /^https?:\/\//.test(address))
      location.assign(address);
  });
  script.after(frame);
}

if (document.currentScript instanceof HTMLScriptElement) embed(document.currentScript);
