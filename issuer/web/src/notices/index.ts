export { NewsList } from './NewsList.js';
export { newsState } from './news-state.js';
export { useNews } from './use-news.js';
